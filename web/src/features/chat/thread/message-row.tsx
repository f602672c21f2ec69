import { i18n } from "@lingui/core";
import { memo, useRef } from "react";
import type { Conversation, Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatParty } from "../../../lib/phone";
import { useUser } from "../../../realtime/chat-store";
import { Avatar } from "../../../ui/avatar";
import { allowed } from "../allowed";
import { userName } from "../conversations";
import { TextFate } from "../texts/text-fate";
import { Bubble } from "./bubble";
import { MessageTools } from "./message-tools";
import { Quote } from "./quote";
import { Reactions } from "./reactions";
import type { Delivery } from "./state-of";
import { type MessageCommand, useLongPress } from "./use-message-touch";

type Props = {
  message: Message;
  conversation: Conversation;
  me: string;
  first: boolean;
  last: boolean;
  delivery: Delivery | null;
  /** What is open beside this message. */
  open: "menu" | "react" | null;
  onCommand: (command: MessageCommand, message: Message) => void;
  onJump: (seq: number) => void;
};

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, conversation, me, first, last, delivery, open, onCommand, onJump } = props;
  const { kind, line } = conversation;
  const mine = message.sender_id === me;
  // Beside a phone, all of us are one side.
  const ours = line ? message.sender_id !== null : mine;
  const named = !mine && (kind === "group" || (line !== null && ours));
  const sender = useUser(message.sender_id);
  const may = allowed(conversation, message, me);
  const bubble = useRef<HTMLDivElement>(null);
  const name = line && !ours ? formatParty(line.party) : userName(sender);
  const deleted = message.deleted_at !== null;
  const touch = useLongPress(
    () => onCommand("menu", message),
    () => onCommand("reply", message),
  );
  return (
    <div
      className={cx(
        "group/row flex items-end gap-2 px-3 md:px-6",
        first ? "pt-2" : "pt-0.5",
        ours && "flex-row-reverse",
      )}
    >
      {kind === "group" && !mine && (
        <span className="w-7 shrink-0">
          {last && <Avatar id={message.sender_id ?? ""} name={name} url={sender?.avatar_url} size="sm" />}
        </span>
      )}
      <div className={cx("flex max-w-[min(65ch,78%)] min-w-0 flex-col", ours ? "items-end" : "items-start")}>
        <span className="sr-only">{mine ? i18n.t("You") : name}:</span>
        <div ref={bubble} className="max-w-full touch-pan-y" {...touch}>
          <Bubble
            kind={kindOf(message)}
            mine={ours}
            first={first}
            last={last}
            author={named && first ? name : null}
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
        <Reactions message={message} mine={ours} readOnly={!may.react} />
        {message.delivery && ours && <TextFate message={message} mine={mine} canText={canText(conversation)} />}
      </div>
      <MessageTools message={message} may={may} mine={ours} open={open} anchor={bubble} onCommand={onCommand} />
    </div>
  );
});

const kindOf = ({ kind, delivery }: Message) => (kind === "note" ? "note" : delivery ? "text" : "message");

const canText = ({ my_role, line }: Conversation) => my_role !== "reader" && line?.opted_out_at === null;
