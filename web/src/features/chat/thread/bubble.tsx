import { i18n } from "@lingui/core";
import { Ban } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../../lib/cx";
import { formatClock, formatExact } from "../../../lib/format";
import { NoteLabel } from "../texts/note";
import { DeliveryMark } from "./delivery-mark";
import { isEmojiOnly, MessageText } from "./markdown";
import { PlainText } from "./plain-text";
import type { Delivery } from "./state-of";

/** Keeps the last line clear of the time, which then stands beside it instead of below. */
function Clearing({ wide, edited }: { wide: boolean; edited: boolean }) {
  return <span aria-hidden className={cx("inline-block h-1", wide ? "w-15" : "w-10", edited && "ms-13")} />;
}

/** `text`: what a phone sent or gets, as it is, without marks. `note`: for colleagues, beside such texts. */
export type BubbleKind = "message" | "text" | "note";

type Props = {
  kind?: BubbleKind;
  mine: boolean;
  first: boolean;
  last: boolean;
  body: string;
  at: string;
  author?: string | null;
  deleted?: boolean;
  state?: Delivery | null;
  quote?: ReactNode;
  onHistory?: (() => void) | null;
  children?: ReactNode;
};

const LOOKS = {
  message: ["bg-bubble-in", "bg-bubble-out"],
  text: ["bg-bubble-in", "bg-sms-out"],
  note: ["bg-note ring-1 ring-warn/30", "bg-note ring-1 ring-warn/30"],
} as const;

/** One bubble: name, quote, body, and the time with its state on the last line. */
export function Bubble(props: Props) {
  const { kind = "message", mine, first, last, body, at, author, deleted, state, quote, onHistory, children } = props;
  const cancelled = state === "cancelled";
  const large = !deleted && !quote && isEmojiOnly(body);
  const clearing = large ? null : <Clearing wide={Boolean(state)} edited={Boolean(onHistory)} />;
  return (
    <div
      className={cx(
        "relative w-fit max-w-full min-w-0 rounded-bubble px-3 py-1.5 shadow-hairline",
        LOOKS[kind][mine ? 1 : 0],
        mine ? (first ? "rounded-ss-bubble" : "rounded-se-[6px]") : !first && "rounded-ss-[6px]",
        mine ? (last ? "rounded-ee-[4px]" : "rounded-ee-[6px]") : last ? "rounded-es-[4px]" : "rounded-es-[6px]",
        state === "failed" && "ring-1 ring-danger",
      )}
    >
      {kind === "note" && first && <NoteLabel />}
      {author && <p className="truncate text-sm font-semibold">{author}</p>}
      {quote && <div className="mt-0.5 mb-1">{quote}</div>}
      {/* The time stands where the last line ends, so both follow the direction in which the body is written. */}
      <div dir="auto">
        {deleted ? (
          <p className="inline-flex items-center gap-1.5 text-muted italic">
            <Ban size={15} aria-hidden />
            {i18n.t("Message deleted")}
          </p>
        ) : (
          <div
            className={cx(
              "wrap-anywhere",
              large && "text-[2rem] leading-tight",
              cancelled && "text-muted line-through",
            )}
          >
            {kind === "text" ? <PlainText text={body} tail={clearing} /> : <MessageText text={body} tail={clearing} />}
          </div>
        )}
        {children}
        <p
          className={cx(
            "tabular -mt-4 flex items-center justify-end gap-1 text-2xs leading-4 text-muted",
            deleted && "mt-0",
            large && "mt-0",
          )}
        >
          {onHistory && (
            <button type="button" className="rounded-[4px] underline-offset-2 hover:underline" onClick={onHistory}>
              {i18n.t("edited")}
            </button>
          )}
          <time dir="auto" dateTime={at} title={formatExact(at)}>
            {formatClock(at)}
          </time>
          {state && <DeliveryMark state={state} />}
        </p>
      </div>
    </div>
  );
}
