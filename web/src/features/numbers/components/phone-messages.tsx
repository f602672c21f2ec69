import { i18n } from "@lingui/core";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { HandsetMessage } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { dayKey, formatClock, formatDay, formatExact } from "../../../lib/format";
import { Button } from "../../../ui/button";

type Props = {
  messages: HandsetMessage[];
  more: boolean;
  busy: boolean;
  onMore: () => void;
  /** What stands there while there is nothing. */
  children?: ReactNode;
};

const NEAR_PX = 60;

/** The newest at the bottom, and it stays in view unless somebody reads further up. */
export function PhoneMessages({ messages, more, busy, onMore, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const newest = messages.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came last is the reason
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [newest, messages.length]);
  return (
    <div
      ref={box}
      role="log"
      aria-label={i18n.t("Texts")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by the keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      }}
      className="scroll-y relative flex min-h-0 grow flex-col bg-canvas px-3 py-3 -outline-offset-2"
    >
      {more && (
        <div className="mb-3 flex justify-center">
          <Button look="quiet" busy={busy} onClick={onMore}>
            {i18n.t("Show earlier texts")}
          </Button>
        </div>
      )}
      {messages.length === 0 && (
        <p className="m-auto max-w-56 text-center text-sm text-muted">
          {children || i18n.t("No texts yet. Write one below.")}
        </p>
      )}
      <ol className="mt-auto flex flex-col">
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const isNewDay = !before || dayKey(before.at) !== dayKey(message.at);
          return (
            <li key={message.id} className={cx("flex flex-col", before?.sent === message.sent ? "mt-0.5" : "mt-2")}>
              {isNewDay && <p className="py-2 text-center text-2xs text-muted">{formatDay(message.at)}</p>}
              <Bubble message={message} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Bubble({ message: { sent, text, at, lost, missing_parts: missing } }: { message: HandsetMessage }) {
  return (
    <div
      className={cx(
        "max-w-[85%] rounded-bubble border px-3 py-1.5 text-sm",
        sent ? "self-end rounded-ee-control bg-bubble-out" : "self-start rounded-es-control bg-bubble-in",
        lost ? "border-danger" : "border-transparent",
      )}
    >
      <span className="sr-only">{sent ? i18n.t("Sent:") : i18n.t("Received:")} </span>
      <span className="break-words whitespace-pre-wrap">{text}</span>
      <time dateTime={at} title={formatExact(at)} className="tabular float-end ms-2 mt-1 text-2xs text-muted">
        {formatClock(at)}
      </time>
      {lost && <span className="block text-xs text-danger">{i18n.t("Lost on its way. It arrived nowhere.")}</span>}
      {missing > 0 && (
        <span className="block text-xs text-warn">
          {i18n.t("{count, plural, one {# part is still missing} other {# parts are still missing}}", {
            count: missing,
          })}
        </span>
      )}
    </div>
  );
}
