import { expect, it } from "vitest";
import { ME, message } from "../../../test/chat-fixtures";
import { buildRows } from "./rows";

const at = (day: number, minute: number) => new Date(2026, 10, day, 9, minute).toISOString();
const base = { unsent: [], me: ME, hasBefore: false, hasAfter: false, unreadFrom: null };
const kinds = (rows: ReturnType<typeof buildRows>) => rows.map(({ kind }) => kind);

it("starts each day with a line", () => {
  const messages = [message(1, { created_at: at(20, 0) }), message(2, { created_at: at(21, 0) })];
  expect(kinds(buildRows({ ...base, messages }))).toEqual(["day", "message", "day", "message"]);
});

it("changes no row when a page joins above or below", () => {
  const senders = [ME, "usr_ana", "usr_ana", ME, ME, ME, "usr_ana", ME, "usr_ana", "usr_ana"];
  const all = senders.map((sender_id, index) => {
    const system = index === 4 ? { kind: "system" as const, sender_id: null } : { sender_id };
    return message(index + 1, { ...system, created_at: at(index < 3 ? 20 : 21, index) });
  });
  const whole = buildRows({ ...base, messages: all, unreadFrom: 7 });
  for (let from = 0; from < all.length; from += 1) {
    for (let to = from + 3; to <= all.length; to += 1) {
      const ends = { hasBefore: from > 0, hasAfter: to < all.length };
      const part = buildRows({ ...base, ...ends, messages: all.slice(from, to), unreadFrom: 7 });
      for (const row of part) expect(whole).toContainEqual(row);
    }
  }
});

it("joins what one person writes within five minutes", () => {
  const messages = [
    message(1, { created_at: at(21, 0) }),
    message(2, { created_at: at(21, 3) }),
    message(3, { created_at: at(21, 9) }),
    message(4, { created_at: at(21, 10), sender_id: ME }),
  ];
  const runs = buildRows({ ...base, messages }).flatMap((row) =>
    row.kind === "message" ? [[row.first, row.last]] : [],
  );
  expect(runs).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

it("puts the unread line before the first unread message", () => {
  const messages = [message(1), message(2), message(3)];
  const rows = buildRows({ ...base, messages, unreadFrom: 3 });
  expect(kinds(rows)).toEqual(["day", "message", "message", "unread", "message"]);
});

it("keeps the key of a message from writing to confirmation", () => {
  const item = {
    client_id: "c1",
    user_id: ME,
    conversation_id: "conv_1",
    body: "hi",
    reply_to_seq: null,
    created_at: at(21, 1),
    place: 1,
    state: "pending" as const,
    reason: null,
    sent_seq: null,
  };
  const before = buildRows({ ...base, messages: [], unsent: [item] });
  const confirmed = message(1, { client_id: "c1", sender_id: ME, created_at: at(21, 1) });
  const after = buildRows({ ...base, messages: [confirmed], unsent: [item] });
  expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
});
