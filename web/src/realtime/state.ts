// What this device knows of its conversations. Plain data: no framework, no promises, nothing that cannot be replayed.
import type { ServerEvent } from "../api/events";
import type { Conversation, HandsetMessage, Message, PhoneNumber, User, Verification, Wallet } from "../api/types";

/** A stretch of the conversation without holes for this reader, by rising `seq`. */
export type Loaded = { messages: Message[]; hasBefore: boolean; hasAfter: boolean };

export type Entry = {
  conversation: Conversation;
  loaded: Loaded | null;
  /** Quoted messages outside of what is loaded; null means that this reader may not see it. */
  quotes: Record<number, Message | null>;
  /** Events that came too early: behind a gap, or while the conversation is being caught up with. */
  kept: ServerEvent[];
  catchingUp: boolean;
};

export type ChatState = {
  me: string;
  users: Record<string, User>;
  entries: Record<string, Entry>;
  /** Events of conversations that are not known yet. */
  strangers: Record<string, ServerEvent[]>;
};

/** What has to happen outside of the data after a change. */
export type Effect =
  | { type: "fetch-difference"; conversationId: string }
  | { type: "fetch-conversation"; conversationId: string }
  | { type: "reload-messages"; conversationId: string }
  /** Wait a moment; if the version is still below, ask for the difference. */
  | { type: "await-version"; conversationId: string; version: number }
  | { type: "fetch-user"; userId: string }
  | { type: "refetch-account"; userVersion: number }
  | { type: "wallet"; wallet: Wallet }
  | { type: "number"; number: PhoneNumber }
  | { type: "verification"; verification: Verification }
  | { type: "handset"; message: HandsetMessage }
  | { type: "sync" }
  | { type: "removed"; conversationId: string }
  | { type: "arrived"; message: Message }
  | { type: "typing"; conversationId: string; userId: string };

export type Change = { state: ChatState; effects: Effect[] };

export function emptyState(me: string): ChatState {
  return { me, users: {}, entries: {}, strangers: {} };
}

/** The server counts no further than this. */
export const UNREAD_CAP = 1000;

/** Above this number of members, positions are told as the lowest of all. */
export const LARGE_GROUP = 100;

export const MAX_KEPT = 500;

export function withEntry(state: ChatState, entry: Entry): ChatState {
  return { ...state, entries: { ...state.entries, [entry.conversation.id]: entry } };
}

export function withUsers(state: ChatState, users: readonly User[] | null | undefined): ChatState {
  if (!users?.length) return state;
  const next = { ...state.users };
  for (const user of users) next[user.id] = user;
  return { ...state, users: next };
}

export function withoutEntry(state: ChatState, conversationId: string): ChatState {
  const { [conversationId]: _gone, ...entries } = state.entries;
  const { [conversationId]: _kept, ...strangers } = state.strangers;
  return { ...state, entries, strangers };
}
