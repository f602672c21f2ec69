// Tells the server what arrived and what was read, merged: a burst of messages is one frame.
import { sendReceipt } from "../api/calls";
import type { Conversation } from "../api/types";
import type { Socket } from "./socket";

type Marks = { delivered: number; read: number };

const MERGE_MS = 300;
const waiting = new Map<string, Marks>();
const sent = new Map<string, Marks>();
let timer = 0;
let socket: Socket | null = null;

export function startReceipts(through: Socket) {
  socket = through;
}

export function stopReceipts() {
  clearTimeout(timer);
  timer = 0;
  socket = null;
  waiting.clear();
  sent.clear();
}

function add(conversationId: string, marks: Marks) {
  const before = sent.get(conversationId);
  if (before && marks.delivered <= before.delivered && marks.read <= before.read) return;
  const present = waiting.get(conversationId);
  waiting.set(conversationId, {
    delivered: Math.max(marks.delivered, present?.delivered ?? 0),
    read: Math.max(marks.read, present?.read ?? 0),
  });
  timer ||= window.setTimeout(flush, MERGE_MS);
}

export const markDelivered = (conversationId: string, seq: number) => add(conversationId, { delivered: seq, read: 0 });
/** What came while no device was there has arrived as soon as a list or a view tells of it. */
export function noteDelivered({ id, last_seq, mine }: Conversation) {
  if (mine.delivered_seq < last_seq) markDelivered(id, last_seq);
}
export const markRead = (conversationId: string, seq: number) => add(conversationId, { delivered: seq, read: seq });

function flush() {
  timer = 0;
  for (const [conversation_id, marks] of waiting) {
    const before = sent.get(conversation_id) ?? { delivered: 0, read: 0 };
    const body = {
      ...(marks.delivered > before.delivered && { delivered_seq: marks.delivered }),
      ...(marks.read > before.read && { read_seq: marks.read }),
    };
    if (Object.keys(body).length === 0) continue;
    sent.set(conversation_id, {
      delivered: Math.max(marks.delivered, before.delivered),
      read: Math.max(marks.read, before.read),
    });
    const answer = socket?.isOpen()
      ? socket.request({ type: "receipt", conversation_id, ...body })
      : sendReceipt(conversation_id, body);
    // A lost receipt is told again by the next look at the conversation.
    Promise.resolve(answer).catch(() => sent.set(conversation_id, before));
  }
  waiting.clear();
}
