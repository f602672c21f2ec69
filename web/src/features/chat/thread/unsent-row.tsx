import { i18n } from "@lingui/core";
import { lazy, memo, Suspense } from "react";
import { cx } from "../../../lib/cx";
import { codeText } from "../../../lib/problem-text";
import { discard, retry, type Unsent, WAITED_LONG } from "../../../realtime/outbox";
import { rewrite, undoUnsent } from "../texts/actions";
import { fateButton, UndoButton } from "../texts/text-fate";
import { Bubble } from "./bubble";
import { Quote } from "./quote";

// Rare, and it asks for wallets.
const MissingMoney = lazy(() => import("../texts/missing-money").then((module) => ({ default: module.MissingMoney })));
const Suppressed = lazy(() => import("../texts/suppressed").then((module) => ({ default: module.Suppressed })));

type Props = { item: Unsent; first: boolean; last: boolean; onJump: (seq: number) => void };

/** The same again would be refused again. */
const TO_CHANGE = ["price_too_high", "text_too_long", "body_too_long"];

/** A message of mine that the server has not confirmed: waiting, or refused with its reason. */
export const UnsentRow = memo(function UnsentRow({ item, first, last, onJump }: Props) {
  const failed = item.state === "failed";
  const isText = item.kind === "text";
  return (
    <div className={cx("flex justify-end px-3 md:px-6", first ? "pt-2" : "pt-0.5")}>
      <div className="flex max-w-[min(65ch,78%)] min-w-0 flex-col items-end">
        <span className="sr-only">{i18n.t("You")}:</span>
        <Bubble
          kind={item.kind ?? "message"}
          mine
          first={first}
          last={last}
          body={item.body}
          at={item.created_at}
          state={failed ? "failed" : item.sent_seq && !isText ? "sent" : "pending"}
          quote={
            item.reply_to_seq ? (
              <Quote conversationId={item.conversation_id} seq={item.reply_to_seq} onJump={onJump} />
            ) : null
          }
        />
        {failed && <Refused item={item} />}
        {isText && !failed && !item.sent_seq && (
          <div className="mt-0.5 text-xs">
            <UndoButton onClick={() => undoUnsent(item)} />
          </div>
        )}
      </div>
    </div>
  );
});

function Refused({ item }: { item: Unsent }) {
  const { client_id, conversation_id, kind, reason } = item;
  const code = reason?.code ?? "";
  const waited = code === WAITED_LONG;
  return (
    <div role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-1 text-sm">
      {kind === "text" && reason && code === "not_enough_money" ? (
        <Suspense fallback={codeText(code)}>
          <MissingMoney conversationId={conversation_id} reason={reason} />
        </Suspense>
      ) : code === "suppressed" ? (
        <Suspense fallback={codeText(code)}>
          <Suppressed />
        </Suspense>
      ) : (
        <span className={waited ? "text-warn" : "text-danger"}>
          {waited ? i18n.t("This waited for more than an hour. Send it now?") : codeText(code, reason?.detail)}
        </span>
      )}
      <span className="whitespace-nowrap">
        {kind === "text" && TO_CHANGE.includes(code) ? (
          <button type="button" className={cx(fateButton, "text-accent")} onClick={() => rewrite(item)}>
            {i18n.t("Edit")}
          </button>
        ) : (
          <button type="button" className={cx(fateButton, "text-accent")} onClick={() => retry(client_id)}>
            {waited ? i18n.t("Send text") : i18n.t("Retry")}
          </button>
        )}
        <button type="button" className={cx(fateButton, "text-danger")} onClick={() => discard(client_id)}>
          {i18n.t("Delete")}
        </button>
      </span>
    </div>
  );
}
