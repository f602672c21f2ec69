import { expect, it } from "vitest";
import { conversation, ME, message, smsConversation, text } from "../../test/chat-fixtures";
import { allowed } from "./allowed";

const NOW = Date.parse("2026-11-21T10:00:00Z");

it("leaves a text of a phone as the phone has it", () => {
  const nothing = { react: false, edit: false, again: false, readers: false, everyone: false };
  expect(allowed(smsConversation(), text(1), ME, NOW)).toEqual({ reply: true, ...nothing });
  expect(allowed(smsConversation(), text(1, "received", { sender_id: null }), ME, NOW)).toMatchObject(nothing);
});

it("lets a note be changed as a message among people", () => {
  const note = message(1, { kind: "note", sender_id: ME });
  expect(allowed(smsConversation(), note, ME, NOW)).toEqual(
    allowed(conversation(), { ...note, kind: "text" }, ME, NOW),
  );
  const { again, ...may } = allowed(smsConversation(), note, ME, NOW);
  expect(Object.values(may)).toEqual(Array(5).fill(true));
  expect(again).toBe(false);
});

it("lets who only reads do nothing", () => {
  const note = message(1, { kind: "note" });
  expect(Object.values(allowed(smsConversation({ my_role: "reader" }), note, ME, NOW))).toEqual(Array(6).fill(false));
});

it("lets a text that failed be sent anew, unless they replied STOP", () => {
  const again = (over: Parameters<typeof smsConversation>[0], ...sent: Parameters<typeof text>) =>
    allowed(smsConversation(over), text(...sent), ME, NOW).again;
  expect([again({}, 1, "failed"), again({}, 1, "unknown"), again({}, 1, "failed", { sender_id: "usr_ana" })]).toEqual([
    true,
    true,
    true,
  ]);
  const { line } = smsConversation();
  const stopped = line && { ...line, opted_out_at: "2026-11-20T09:00:00Z" };
  expect([again({}, 1, "delivered"), again({ line: stopped }, 1, "failed")]).toEqual([false, false]);
  expect(again({ my_role: "reader" }, 1, "failed")).toBe(false);
});

it("lets administrators of a group delete what others wrote, however long ago", () => {
  const old = message(1, { created_at: "2026-01-01T00:00:00Z" });
  expect(allowed(conversation({ my_role: "admin" }), old, ME, NOW).everyone).toBe(true);
  expect(allowed(conversation(), { ...old, sender_id: ME }, ME, NOW).everyone).toBe(false);
  expect(allowed(conversation(), message(1, { sender_id: ME }), ME, NOW).everyone).toBe(true);
});
