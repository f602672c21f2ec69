// Turns messages into the rows of the list: day lines, the unread line, runs of bubbles.
import type { Message } from "../../../api/types";
import { dayKey } from "../../../lib/format";
import type { Unsent } from "../../../realtime/outbox";

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean }
  | { kind: "unsent"; key: string; item: Unsent; first: boolean; last: boolean };

const RUN_MS = 5 * 60_000;

type Input = {
  messages: readonly Message[];
  unsent: readonly Unsent[];
  me: string;
  hasBefore: boolean;
  hasAfter: boolean;
  /** The first message that was unread when the conversation was opened. */
  unreadFrom: number | null;
};

/** Own messages keep the key they were written under, so that nothing jumps when they are confirmed. */
export const messageKey = (message: Message, me: string) =>
  message.sender_id === me && message.client_id ? message.client_id : `s${message.seq}`;

export function buildRows({ messages, unsent, me, hasBefore, hasAfter, unreadFrom }: Input): Row[] {
  const rows: Row[] = [];
  let day = "";
  let run: { sender: string; at: number } | null = null;
  let unreadShown = unreadFrom === null;

  const breakRun = () => {
    const last = rows.at(-1);
    if (last && "last" in last) last.last = true;
    run = null;
  };
  const startDay = (at: string) => {
    const key = dayKey(at);
    if (key === day) return;
    day = key;
    breakRun();
    rows.push({ kind: "day", key: `d${key}`, at });
  };
  const inRun = (from: string | null, kind: string, at: string) => {
    // A note among texts is no part of their run.
    const sender = `${kind} ${from}`;
    const time = Date.parse(at);
    const same = run !== null && run.sender === sender && time - run.at < RUN_MS;
    if (!same) breakRun();
    run = { sender, at: time };
    return same;
  };

  // Whether a day, a run or the unread line begins or ends with a message is only known beside its neighbor. So where more
  // is to come, the outermost loaded message is not shown yet: no row ever changes because a page joins it.
  const above = hasBefore && messages.length > 1 ? messages[0] : undefined;
  const below = hasAfter && messages.length > 2 ? messages.at(-1) : undefined;
  if (above) {
    day = dayKey(above.created_at);
    if (above.kind !== "system") inRun(above.sender_id, above.kind, above.created_at);
    unreadShown ||= unreadFrom !== null && above.seq >= unreadFrom;
  }
  for (const message of messages.slice(above ? 1 : 0, below ? -1 : undefined)) {
    startDay(message.created_at);
    if (!unreadShown && unreadFrom !== null && message.seq >= unreadFrom) {
      breakRun();
      rows.push({ kind: "unread", key: "unread" });
      unreadShown = true;
    }
    if (message.kind === "system") {
      breakRun();
      rows.push({ kind: "system", key: `s${message.seq}`, message });
      continue;
    }
    const same = inRun(message.sender_id, message.kind, message.created_at);
    rows.push({ kind: "message", key: messageKey(message, me), message, first: !same, last: false });
  }
  const goesOn =
    below &&
    below.kind !== "system" &&
    dayKey(below.created_at) === day &&
    inRun(below.sender_id, below.kind, below.created_at);
  if (goesOn) return rows;
  if (!hasAfter) {
    const shown = new Set(messages.slice(-200).map((message) => message.client_id));
    for (const item of unsent) {
      if (shown.has(item.client_id)) continue;
      startDay(item.created_at);
      const same = inRun(me, item.kind ?? "text", item.created_at);
      rows.push({ kind: "unsent", key: item.client_id, item, first: !same, last: false });
    }
  }
  breakRun();
  return rows;
}

const LINE = 22;
const CHARACTERS = 52;

/** A guess of the height, good enough that measuring moves little. */
export function estimateRow(row: Row | undefined): number {
  if (!row) return 48;
  if (row.kind === "day" || row.kind === "unread") return 44;
  if (row.kind === "system") return row.message.body ? 52 : 32;
  const body = row.kind === "message" ? row.message.body : row.item.body;
  let lines = 0;
  for (const line of body.slice(0, 4000).split("\n")) lines += Math.max(1, Math.ceil(line.length / CHARACTERS));
  const reactions = row.kind === "message" && row.message.reactions.length > 0 ? 26 : 0;
  const quote = (row.kind === "message" ? row.message.reply_to_seq : row.item.reply_to_seq) ? 46 : 0;
  return Math.min(lines, 400) * LINE + 34 + (row.first ? 8 : 2) + reactions + quote;
}
