// How far a message of mine has come.
import type { Conversation, DeliveryState, Message } from "../../../api/types";

export type Delivery = "pending" | "sent" | "delivered" | "read" | "failed" | "unknown" | "cancelled";

/** How far a text has come on the phone network, where nobody tells what was read. What came in has no state. */
const ON_THE_NETWORK: Record<DeliveryState, Delivery | null> = {
  received: null,
  queued: "pending",
  submitted: "sent",
  delivered: "delivered",
  failed: "failed",
  unknown: "unknown",
  cancelled: "cancelled",
};

/** The lowest positions of everybody else; computed once per change of members. */
export function othersPositions(conversation: Conversation, me: string): { delivered: number; read: number } {
  const { members, lowest } = conversation;
  if (!members) return { delivered: lowest.delivered_seq, read: lowest.read_seq };
  let delivered = Number.POSITIVE_INFINITY;
  let read = Number.POSITIVE_INFINITY;
  for (const member of members) {
    if (member.user_id === me || !member.active) continue;
    delivered = Math.min(delivered, member.delivered_seq);
    read = Math.min(read, member.read_seq);
  }
  return { delivered, read };
}

export function deliveryOf(message: Message, others: { delivered: number; read: number }): Delivery {
  if (others.read >= message.seq) return "read";
  if (others.delivered >= message.seq) return "delivered";
  return "sent";
}

export const networkState = ({ delivery }: Message) => delivery && ON_THE_NETWORK[delivery.state];

/** What is shown beside a message: nothing beside those of others, and beside notes that nobody else could see. */
export function shownState(
  message: Message,
  conversation: Conversation,
  me: string,
  others: { delivered: number; read: number },
): Delivery | null {
  if (message.delivery) return networkState(message);
  if (message.sender_id !== me || message.deleted_at) return null;
  return message.kind === "note" && conversation.member_count < 2 ? null : deliveryOf(message, others);
}
