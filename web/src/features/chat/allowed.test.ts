import { expect, it } from "vitest";
import { conversation, ME, message, smsConversation, text } from "../../test/chat-fixtures";
import { allowed } from "./allowed";

const NOW = Date.parse("2026-11-21T10:00:00Z");

it("leaves a text of a phone as the phone has it", () => {
  const nothing = { react: false, edit: false, readers: false, everyone: false };
  expect(allowed(smsConversation(), text(1), ME, NOW)).toEqual({ reply: true, ...nothing });
  expect(allowed(smsConversation(), text(1, "received", { sender_id: null }), ME, NOW)).toMatchObject(nothing);
});

it("lets a note be changed as a message among people", () => {
  const note = message(1, { kind: "note", sender_id: ME });
  expect(allowed(smsConversation(), note, ME, NOW)).toEqual(
    allowed(conversation(), { ...note, kind: "text" }, ME, NOW),
  );
  expect(Object.values(allowed(smsConversation(), note, ME, NOW))).toEqual(Array(5).fill(true));
});

it("lets who only reads do nothing", () => {
  const note = message(1, { kind: "note" });
  expect(Object.values(allowed(smsConversation({ my_role: "reader" }), note, ME, NOW))).toEqual(Array(5).fill(false));
});

it("lets administrators of a group delete what others wrote, however long ago", () => {
  const old = message(1, { created_at: "2026-01-01T00:00:00Z" });
  expect(allowed(conversation({ my_role: "admin" }), old, ME, NOW).everyone).toBe(true);
  expect(allowed(conversation(), { ...old, sender_id: ME }, ME, NOW).everyone).toBe(false);
  expect(allowed(conversation(), message(1, { sender_id: ME }), ME, NOW).everyone).toBe(true);
});
