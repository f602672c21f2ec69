// Holds the chat data of the person who is signed in, and lets screens read parts of it.
import { createStore, useStore } from "zustand";
import type { Message, User } from "../api/types";
import { findMessage } from "./messages";
import { type ChatState, type Entry, emptyState } from "./state";

export type ListName = "inbox" | "archived";
export type ListState = { status: "idle" | "loading" | "ready" | "failed"; cursor: string | null };

type Store = {
  chat: ChatState;
  lists: Record<ListName, ListState>;
  /** Conversations whose messages are being loaded, or could not be. */
  loading: Record<string, "loading" | "failed">;
  missing: Record<string, true>;
  /** conversation → person → when it stops being shown. */
  typing: Record<string, Record<string, number>>;
  connection: "connecting" | "open";
};

const idle: ListState = { status: "idle", cursor: null };
const fresh = (me: string): Store => ({
  chat: emptyState(me),
  lists: { inbox: idle, archived: idle },
  loading: {},
  missing: {},
  typing: {},
  connection: "connecting",
});

export const chatStore = createStore<Store>(() => fresh(""));

export function resetChat(me: string) {
  chatStore.setState(fresh(me), true);
}

export const getChat = () => chatStore.getState().chat;
export const getEntry = (id: string): Entry | undefined => chatStore.getState().chat.entries[id];
export const setChat = (chat: ChatState) => chatStore.setState({ chat });

export function useChatStore<T>(select: (store: Store) => T): T {
  return useStore(chatStore, select);
}

export function useEntry(id: string): Entry | undefined {
  return useChatStore((store) => store.chat.entries[id]);
}

export function useUser(id: string | null | undefined): User | undefined {
  return useChatStore((store) => (id ? store.chat.users[id] : undefined));
}

export function useUsers(): Record<string, User> {
  return useChatStore((store) => store.chat.users);
}

/** A message by its place: undefined while unknown, null when this reader may not see it. */
export function lookUpMessage(entry: Entry | undefined, seq: number): Message | null | undefined {
  if (!entry) return undefined;
  return findMessage(entry.loaded?.messages, seq) ?? entry.quotes[seq];
}
