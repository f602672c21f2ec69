// What one may do with a message.
import type { Conversation, Message } from "../../api/types";

const EVERYONE_MS = 48 * 3_600_000;

export type Allowed = {
  reply: boolean;
  react: boolean;
  edit: boolean;
  again: boolean;
  readers: boolean;
  everyone: boolean;
};

/** A phone has a text as it is: it can be copied, linked, answered by a note and hidden; one that failed can be sent anew. */
export function allowed(conversation: Conversation, message: Message, me: string, now = Date.now()): Allowed {
  const there = message.deleted_at === null && message.kind !== "system";
  const writes = there && conversation.my_role !== "reader";
  const ours = writes && message.delivery === null;
  const mine = ours && message.sender_id === me;
  const manages = conversation.kind === "group" && ["owner", "admin"].includes(conversation.my_role);
  const young = now - Date.parse(message.created_at) < EVERYONE_MS;
  return {
    reply: writes,
    react: ours,
    edit: mine,
    again: writes && fails(message) && conversation.line?.opted_out_at === null,
    readers: mine,
    everyone: ours && (manages || (mine && young)),
  };
}

const fails = ({ sender_id, delivery }: Message) =>
  sender_id !== null && (delivery?.state === "failed" || delivery?.state === "unknown");
