import { i18n } from "@lingui/core";
import { memo, useRef } from "react";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { useUser } from "../../../realtime/chat-store";
import { Avatar } from "../../../ui/avatar";
import { userName } from "../conversations";
import { Bubble } from "./bubble";
import { MessageTools } from "./message-tools";
import { Quote } from "./quote";
import { Reactions } from "./reactions";
import type { Delivery } from "./state-of";
import { type MessageCommand, useLongPress } from "./use-message-touch";

type Props = {
  message: Message;
  mine: boolean;
  group: boolean;
  first: boolean;
  last: boolean;
  delivery: Delivery | null;
  /** What is open beside this message. */
  open: "menu" | "react" | null;
  onCommand: (command: MessageCommand, message: Message) => void;
  onJump: (seq: number) => void;
};

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, mine, group, first, last, delivery, open, onCommand, onJump } = props;
  const sender = useUser(message.sender_id);
  const bubble = useRef<HTMLDivElement>(null);
  const name = userName(sender);
  const deleted = message.deleted_at !== null;
  const touch = useLongPress(
    () => onCommand("menu", message),
    () => !deleted && onCommand("reply", message),
  );
  return (
    <div
      className={cx(
        "group/row flex items-end gap-2 px-3 md:px-6",
        first ? "pt-2" : "pt-0.5",
        mine && "flex-row-reverse",
      )}
    >
      {group && !mine && (
        <span className="w-7 shrink-0">
          {last && <Avatar id={message.sender_id ?? ""} name={name} url={sender?.avatar_url} size="sm" />}
        </span>
      )}
      <div className={cx("flex max-w-[min(65ch,78%)] min-w-0 flex-col", mine ? "items-end" : "items-start")}>
        <span className="sr-only">{mine ? i18n.t("You") : name}:</span>
        <div ref={bubble} className="max-w-full touch-pan-y" {...touch}>
          <Bubble
            mine={mine}
            first={first}
            last={last}
            author={group && !mine && first ? name : null}
            body={message.body}
            at={message.created_at}
            deleted={deleted}
            state={deleted ? null : delivery}
            quote={
              message.reply_to_seq && !deleted ? (
                <Quote conversationId={message.conversation_id} seq={message.reply_to_seq} onJump={onJump} />
              ) : null
            }
            onHistory={message.edited_at && !deleted ? () => onCommand("history", message) : null}
          />
        </div>
        <Reactions message={message} mine={mine} />
      </div>
      <MessageTools message={message} mine={mine} open={open} anchor={bubble} onCommand={onCommand} />
    </div>
  );
});
