// How far a message of mine has come.
import type { Conversation, Message } from "../../../api/types";

export type Delivery = "pending" | "sent" | "delivered" | "read" | "failed";

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
