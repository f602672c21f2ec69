import { afterEach, expect, it, vi } from "vitest";
import * as calls from "../api/calls";
import { ApiError } from "../api/errors";
import type { Conversation, Session } from "../api/types";
import { chatStore, getChat, resetChat } from "./chat-store";
import { fetchConversation, loadMessages } from "./engine";
import { loadList } from "./lists";
import { adoptSession, endSessionHere } from "./session";

vi.mock("../api/calls");
const { getConversation, listConversations, listMessages } = vi.mocked(calls);

function signsIn(id: string) {
  endSessionHere(null);
  adoptSession({ access_token: id, expires_in_secs: 900, session_id: `ses_${id}`, user: { id } } as Session);
  resetChat(id);
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((resolves, rejects) => {
    resolve = resolves;
    reject = rejects;
  });
  return { promise, resolve, reject };
}

const conversation = { id: "conv_1", version: 1, last_seq: 0, mine: { delivered_seq: 0 } } as unknown as Conversation;
const gone = () =>
  new ApiError({ type: "about:blank", title: "", status: 404, code: "conversation_not_found", detail: "" });

afterEach(() => endSessionHere(null));

it("shows the next person nothing of a conversation that the last one asked for", async () => {
  signsIn("usr_a");
  const late = deferred<Awaited<ReturnType<typeof getConversation>>>();
  getConversation.mockReturnValueOnce(late.promise);
  const asked = fetchConversation("conv_1");
  signsIn("usr_b");
  late.resolve({ conversation, users: [], members: [] } as never);
  await asked;
  expect(getChat().entries).toEqual({});
});

it("does not tell the next person that a conversation is missing", async () => {
  signsIn("usr_a");
  const late = deferred<never>();
  getConversation.mockReturnValueOnce(late.promise);
  const asked = fetchConversation("conv_1");
  signsIn("usr_b");
  late.reject(gone());
  await asked;
  expect(chatStore.getState().missing).toEqual({});
});

it("leaves loading messages and lists of the next person alone", async () => {
  signsIn("usr_a");
  const messages = deferred<never>();
  const list = deferred<Awaited<ReturnType<typeof listConversations>>>();
  listMessages.mockReturnValueOnce(messages.promise);
  listConversations.mockReturnValueOnce(list.promise);
  const asked = [loadMessages("conv_1", {}, "replace"), loadList("inbox")];
  signsIn("usr_b");
  messages.reject(gone());
  list.resolve({ conversations: [conversation], users: [], next_cursor: "of a" } as never);
  await Promise.all(asked);
  expect(chatStore.getState().loading).toEqual({});
  expect(chatStore.getState().lists.inbox).toEqual({ status: "idle", cursor: null });
  expect(getChat().entries).toEqual({});
});
