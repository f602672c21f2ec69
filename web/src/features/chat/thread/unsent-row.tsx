import { i18n } from "@lingui/core";
import { memo } from "react";
import { cx } from "../../../lib/cx";
import { codeText } from "../../../lib/problem-text";
import { discard, retry, type Unsent } from "../../../realtime/outbox";
import { Bubble } from "./bubble";
import { Quote } from "./quote";

type Props = { item: Unsent; first: boolean; last: boolean; onJump: (seq: number) => void };

const buttonLook = "min-h-7 rounded-control px-2 text-sm font-semibold hover:bg-hover touch:min-h-11";

/** A message of mine that the server has not confirmed: waiting, or refused with its reason. */
export const UnsentRow = memo(function UnsentRow({ item, first, last, onJump }: Props) {
  const failed = item.state === "failed";
  return (
    <div className={cx("flex justify-end px-3 md:px-6", first ? "pt-2" : "pt-0.5")}>
      <div className="flex max-w-[min(65ch,78%)] min-w-0 flex-col items-end">
        <span className="sr-only">{i18n.t("You")}:</span>
        <Bubble
          mine
          first={first}
          last={last}
          body={item.body}
          at={item.created_at}
          state={failed ? "failed" : item.sent_seq ? "sent" : "pending"}
          quote={
            item.reply_to_seq ? (
              <Quote conversationId={item.conversation_id} seq={item.reply_to_seq} onJump={onJump} />
            ) : null
          }
        />
        {failed && (
          <div role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-1 text-sm">
            <span className="text-danger">{codeText(item.reason?.code ?? "", item.reason?.detail)}</span>
            <button type="button" className={cx(buttonLook, "text-accent")} onClick={() => retry(item.client_id)}>
              {i18n.t("Retry")}
            </button>
            <button type="button" className={cx(buttonLook, "text-danger")} onClick={() => discard(item.client_id)}>
              {i18n.t("Delete")}
            </button>
          </div>
        )}
      </div>
    </div>
  );
});
