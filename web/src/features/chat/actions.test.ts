import { beforeEach, expect, it, vi } from "vitest";
import { addReaction, updateConversation, updateMine } from "../../api/calls";
import type { ConversationView, Message, Mine } from "../../api/types";
import { chatStore, getEntry, setChat } from "../../realtime/chat-store";
import { dispatch } from "../../realtime/engine";
import { conversation, ID, loadedState, message, mine } from "../../test/chat-fixtures";
import { react, rename, setPinned } from "./actions";

vi.mock("../../api/calls");

const pinned = mine({ mine_version: 2, pinned_at: "2026-11-21T10:00:00Z" });
const view = { conversation: conversation({ version: 1, title: "Crew" }), users: [] };

beforeEach(() => setChat(loadedState(1)));

/** What others do while my request is on its way must still be there when its answer comes. */
it.each([
  ["pinning", updateMine, pinned satisfies Mine, () => setPinned(ID, true)],
  ["renaming", updateConversation, view satisfies ConversationView, () => rename(ID, { title: "Crew" })],
  ["reacting", addReaction, message(1) satisfies Message, () => react(message(1), "👍", true)],
] as const)("keeps what arrives while %s is on its way", async (_, call, answer, act) => {
  let answers = (_: unknown) => {};
  vi.mocked(call as () => Promise<unknown>).mockReturnValue(new Promise((done) => (answers = done)));
  const done = act();
  dispatch({ type: "message.created", conversation_id: ID, version: 2, message: message(2) });
  answers(answer);
  await done;
  expect(getEntry(ID)?.loaded?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(chatStore.getState().chat.entries[ID]?.conversation.version).toBe(2);
});
