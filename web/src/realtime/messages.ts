// Pure operations on a loaded stretch of messages, and what is derived from it.
import type { Message, MessagePage } from "../api/types";
import { type Entry, type Loaded, UNREAD_CAP } from "./state";

/** Beyond this the far end is let go, so that a day of scrolling does not fill the memory. */
export const MAX_LOADED = 2000;

/** The index of `seq`, or the place where it would stand. */
export function indexOfSeq(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function findMessage(messages: readonly Message[] | undefined, seq: number): Message | undefined {
  if (!messages) return undefined;
  const found = messages[indexOfSeq(messages, seq)];
  return found?.seq === seq ? found : undefined;
}

/** Replaces the message of that `seq` unless what is there is newer. Never inserts. */
export function replaceMessage(loaded: Loaded | null, message: Message): Loaded | null {
  if (!loaded) return loaded;
  const index = indexOfSeq(loaded.messages, message.seq);
  const present = loaded.messages[index];
  if (present?.seq !== message.seq || present.version > message.version) return loaded;
  return { ...loaded, messages: loaded.messages.with(index, message) };
}

/** Adds a message at the end; if the end is not loaded, it is found there later. */
export function appendMessage(loaded: Loaded | null, message: Message): Loaded | null {
  if (!loaded || loaded.hasAfter) return loaded;
  const last = loaded.messages.at(-1);
  if (last && last.seq >= message.seq) return replaceMessage(loaded, message);
  return { ...loaded, messages: [...loaded.messages, message] };
}

/** Joins a page to what is loaded if they touch or overlap, keeping the newer copy of each message. */
export function joinPage(loaded: Loaded | null, page: MessagePage, where: "before" | "after" | "replace"): Loaded {
  const fresh: Loaded = { messages: page.messages, hasBefore: page.has_before, hasAfter: page.has_after };
  if (!loaded || where === "replace") return fresh;
  const merged = new Map(loaded.messages.map((message) => [message.seq, message]));
  for (const message of page.messages) {
    const present = merged.get(message.seq);
    if (!present || present.version <= message.version) merged.set(message.seq, message);
  }
  const messages = [...merged.values()].sort((a, b) => a.seq - b.seq);
  if (where === "before") {
    const trimmed = messages.length > MAX_LOADED;
    return {
      messages: trimmed ? messages.slice(0, MAX_LOADED) : messages,
      hasBefore: page.has_before,
      hasAfter: trimmed || loaded.hasAfter,
    };
  }
  const trimmed = messages.length > MAX_LOADED;
  return {
    messages: trimmed ? messages.slice(-MAX_LOADED) : messages,
    hasBefore: trimmed || loaded.hasBefore,
    hasAfter: page.has_after,
  };
}

export function withoutHidden(loaded: Loaded | null, hidden: readonly number[]): Loaded | null {
  if (!loaded || hidden.length === 0) return loaded;
  const gone = new Set(hidden);
  const messages = loaded.messages.filter((message) => !gone.has(message.seq));
  return messages.length === loaded.messages.length ? loaded : { ...loaded, messages };
}

/** What others wrote: messages, notes, and texts of a phone, which nobody here has sent. */
export function countsAsUnread(message: Message, me: string): boolean {
  return message.kind !== "system" && message.sender_id !== me && message.deleted_at === null;
}

/** The number of unread messages, or null where it cannot be known from what is loaded. */
export function countUnread(entry: Entry, me: string): number | null {
  const { conversation, loaded } = entry;
  const read = conversation.mine.read_seq;
  if (read >= conversation.last_seq) return 0;
  if (!loaded || loaded.hasAfter) return null;
  const first = loaded.messages[0];
  if (loaded.hasBefore && (!first || first.seq > read + 1)) return null;
  const hidden = new Set(conversation.mine.hidden_seqs);
  let count = 0;
  for (let index = indexOfSeq(loaded.messages, read + 1); index < loaded.messages.length; index += 1) {
    const message = loaded.messages[index]!;
    // A page can be ahead of the events: what it has beyond the version is counted when they come.
    if (message.seq > conversation.last_seq) break;
    const deletedLater = message.deleted_at !== null && message.version > conversation.version;
    const counts = countsAsUnread(deletedLater ? { ...message, deleted_at: null } : message, me);
    if (counts && !hidden.has(message.seq)) count += 1;
  }
  return Math.min(count, UNREAD_CAP);
}
