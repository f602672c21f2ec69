// The only place where an event changes data. Pure, so that recorded traces can be replayed.
// Every version of a conversation is told by exactly one event: a lower one is ignored, a higher one waits.
import type { ChainEvent, ServerEvent } from "../api/events";
import type { Conversation, Lowest, Member, Message, Mine, Position } from "../api/types";
import { appendMessage, countsAsUnread, countUnread, findMessage, replaceMessage, withoutHidden } from "./messages";
import {
  type Change,
  type ChatState,
  type Effect,
  type Entry,
  LARGE_GROUP,
  MAX_KEPT,
  UNREAD_CAP,
  withEntry,
  withoutEntry,
  withUsers,
} from "./state";

type Stepped = { entry: Entry; effects: Effect[] };

export function applyEvent(state: ChatState, event: ServerEvent): Change {
  switch (event.type) {
    case "sync":
      return { state, effects: [{ type: "sync" }] };
    case "user.updated":
      return { state, effects: [{ type: "refetch-account", userVersion: event.user_version }] };
    case "wallet.updated":
      return { state, effects: [{ type: "wallet", wallet: event.wallet }] };
    case "number.updated":
      return { state, effects: [{ type: "number", number: event.number }] };
    case "verification.updated":
      return { state, effects: [{ type: "verification", verification: event.verification }] };
    case "handset.message":
      return { state, effects: [{ type: "handset", message: event.message }] };
    case "typing":
      return {
        state,
        effects: [{ type: "typing", conversationId: event.conversation_id, userId: event.user_id }],
      };
    case "conversation.created": {
      const known = state.entries[event.conversation_id];
      if (known && known.conversation.version >= event.version) return { state, effects: [] };
      return { state, effects: [{ type: "fetch-conversation", conversationId: event.conversation_id }] };
    }
    case "conversation.removed":
      return {
        state: withoutEntry(state, event.conversation_id),
        effects: [{ type: "removed", conversationId: event.conversation_id }],
      };
    case "mine.updated":
      return applyMine(state, event.mine);
    case "message.created":
    case "message.updated":
    case "receipt.updated":
    case "conversation.updated":
    case "conversation.version":
      return applyChainEvent(state, event);
    default:
      // A newer server may say more than this client knows.
      return { state, effects: [] };
  }
}

/** Private state, from an event or as the answer to my own change. */
export function applyMine(state: ChatState, mine: Mine): Change {
  const entry = state.entries[mine.conversation_id];
  if (!entry) return { state, effects: [] };
  const before = entry.conversation.mine;
  if (mine.mine_version <= before.mine_version) return { state, effects: [] };
  const next: Mine = {
    ...mine,
    delivered_seq: Math.max(mine.delivered_seq, before.delivered_seq),
    read_seq: Math.max(mine.read_seq, before.read_seq),
  };
  const newlyHidden = mine.hidden_seqs.some((seq) => seq > next.read_seq && !before.hidden_seqs.includes(seq));
  const changed: Entry = {
    ...entry,
    conversation: { ...entry.conversation, mine: next },
    loaded: withoutHidden(entry.loaded, mine.hidden_seqs),
  };
  if (!newlyHidden && next.read_seq === before.read_seq) return { state: withEntry(state, changed), effects: [] };
  const counted = recount(changed, state.me);
  return { state: withEntry(state, counted.entry), effects: counted.effects };
}

function applyChainEvent(state: ChatState, event: ChainEvent): Change {
  const entry = state.entries[event.conversation_id];
  if (!entry) return keepForStranger(state, event);
  if (event.version <= entry.conversation.version) return { state, effects: [] };
  if (entry.catchingUp) return { state: withEntry(state, keep(entry, event)), effects: [] };
  if (event.version > entry.conversation.version + 1) {
    return {
      state: withEntry(state, keep(entry, event)),
      effects: [{ type: "await-version", conversationId: event.conversation_id, version: event.version }],
    };
  }
  return drain(withEntry(state, keep(entry, event)), event.conversation_id);
}

function keepForStranger(state: ChatState, event: ChainEvent): Change {
  const id = event.conversation_id;
  const kept = [...(state.strangers[id] ?? []), event].slice(-MAX_KEPT);
  return {
    state: { ...state, strangers: { ...state.strangers, [id]: kept } },
    effects: event.type === "message.created" ? [{ type: "fetch-conversation", conversationId: id }] : [],
  };
}

const versionOf = (event: ServerEvent) => ("version" in event ? event.version : 0);

function keep(entry: Entry, event: ChainEvent): Entry {
  if (entry.kept.some((other) => versionOf(other) === event.version)) return entry;
  const kept = [...entry.kept, event].sort((a, b) => versionOf(a) - versionOf(b)).slice(0, MAX_KEPT);
  return { ...entry, kept };
}

/** Applies the kept events that follow without a gap, and asks for what is missing before the rest. */
export function drain(state: ChatState, conversationId: string): Change {
  let current = state;
  const effects: Effect[] = [];
  for (;;) {
    const entry = current.entries[conversationId];
    if (!entry) return { state: current, effects };
    const waiting = entry.kept.filter((event) => versionOf(event) > entry.conversation.version);
    const next = waiting[0];
    if (!next || versionOf(next) !== entry.conversation.version + 1) {
      if (waiting.length !== entry.kept.length) current = withEntry(current, { ...entry, kept: waiting });
      if (next) effects.push({ type: "await-version", conversationId, version: versionOf(next) });
      return { state: current, effects };
    }
    const rest: Entry = { ...entry, kept: waiting.slice(1) };
    const change = applyNext(withEntry(current, rest), rest, next as ChainEvent);
    current = change.state;
    effects.push(...change.effects);
  }
}

function applyNext(state: ChatState, before: Entry, event: ChainEvent): Change {
  const entry: Entry = { ...before, conversation: { ...before.conversation, version: event.version } };
  switch (event.type) {
    case "message.created": {
      const stepped = messageCreated(entry, event.message, event.sender_position ?? null, state.me);
      const sender = event.message.sender_id;
      if (sender && !state.users[sender]) stepped.effects.push({ type: "fetch-user", userId: sender });
      return finish(state, stepped);
    }
    case "message.updated":
      return finish(state, messageUpdated(entry, event.message, state.me));
    case "receipt.updated": {
      const moved = withPositions(entry, event.positions ?? [], event.lowest ?? null, state.me);
      return finish(state, afterReading(before, moved, state.me));
    }
    case "conversation.updated": {
      const facts = {
        ...entry,
        conversation: { ...entry.conversation, ...event.conversation, version: event.version },
      };
      return finish(withUsers(state, event.users), withMembers(facts, event.members, state.me));
    }
    case "conversation.version":
      return finish(state, { entry, effects: [] });
  }
}

function finish(state: ChatState, stepped: Stepped): Change {
  return { state: withEntry(state, stepped.entry), effects: stepped.effects };
}

function messageCreated(entry: Entry, message: Message, position: Position | null, me: string): Stepped {
  const { conversation } = entry;
  const unread = countsAsUnread(message, me) ? Math.min(conversation.unread_count + 1, UNREAD_CAP) : null;
  const appended: Entry = {
    ...entry,
    loaded: appendMessage(entry.loaded, message),
    conversation: {
      ...conversation,
      last_seq: Math.max(conversation.last_seq, message.seq),
      last_message: message,
      unread_count: unread ?? conversation.unread_count,
    },
  };
  const effects: Effect[] = [{ type: "arrived", message }];
  if (!position) return { entry: appended, effects };
  const moved = afterReading(appended, withPositions(appended, [position], null, me), me);
  return { entry: moved.entry, effects: [...effects, ...moved.effects] };
}

function messageUpdated(entry: Entry, message: Message, me: string): Stepped {
  const { conversation } = entry;
  const replaced: Entry = {
    ...entry,
    loaded: replaceMessage(entry.loaded, message),
    quotes: message.seq in entry.quotes ? { ...entry.quotes, [message.seq]: message } : entry.quotes,
    conversation: {
      ...conversation,
      last_message: conversation.last_message?.seq === message.seq ? message : conversation.last_message,
    },
  };
  // What is loaded may be ahead of the events, and then knows of this deletion already.
  const present = findMessage(entry.loaded?.messages, message.seq);
  const wasDeleted = present?.deleted_at != null && present.version < message.version;
  const wasUnread =
    message.deleted_at !== null &&
    !wasDeleted &&
    countsAsUnread({ ...message, deleted_at: null }, me) &&
    message.seq > conversation.mine.read_seq &&
    !conversation.mine.hidden_seqs.includes(message.seq);
  if (!wasUnread || conversation.unread_count === 0) return { entry: replaced, effects: [] };
  if (conversation.unread_count >= UNREAD_CAP) return recount(replaced, me);
  return { entry: withUnread(replaced, conversation.unread_count - 1), effects: [] };
}

/** Watermarks only rise. */
export function withPositions(entry: Entry, positions: readonly Position[], lowest: Lowest | null, me: string): Entry {
  const { conversation } = entry;
  let { members, mine } = conversation;
  for (const position of positions) {
    members = members && raise(members, position);
    if (position.user_id === me) {
      mine = {
        ...mine,
        delivered_seq: Math.max(mine.delivered_seq, position.delivered_seq),
        read_seq: Math.max(mine.read_seq, position.read_seq),
      };
    }
  }
  return { ...entry, conversation: { ...conversation, members, mine, lowest: lowest ?? conversation.lowest } };
}

function raise(members: Member[], position: Position): Member[] {
  const index = members.findIndex((member) => member.user_id === position.user_id);
  const member = members[index];
  if (!member) return members;
  return members.with(index, {
    ...member,
    delivered_seq: Math.max(member.delivered_seq, position.delivered_seq),
    read_seq: Math.max(member.read_seq, position.read_seq),
  });
}

function afterReading(before: Entry, after: Entry, me: string): Stepped {
  if (before.conversation.mine.read_seq === after.conversation.mine.read_seq) return { entry: after, effects: [] };
  return recount(after, me);
}

function withUnread(entry: Entry, unread_count: number): Entry {
  return { ...entry, conversation: { ...entry.conversation, unread_count } };
}

/** Counts again from what is loaded; where that does not suffice, the difference carries the number. */
function recount(entry: Entry, me: string): Stepped {
  if (entry.conversation.unread_count === 0) return { entry, effects: [] };
  const count = countUnread(entry, me);
  if (count !== null) return { entry: withUnread(entry, count), effects: [] };
  return { entry, effects: [{ type: "fetch-difference", conversationId: entry.conversation.id }] };
}

/** Takes over members that changed. Large groups carry no members, and then the lowest position is needed. */
export function withMembers(entry: Entry, changed: readonly Member[], me: string): Stepped {
  const { conversation } = entry;
  const myself = changed.find((member) => member.user_id === me && member.active);
  const my_role = myself?.role ?? conversation.my_role;
  const id = conversation.id;
  if (conversation.member_count > LARGE_GROUP) {
    const crossed = conversation.members !== null;
    return {
      entry: { ...entry, conversation: { ...conversation, my_role, members: null } },
      effects: crossed ? [{ type: "fetch-difference", conversationId: id }] : [],
    };
  }
  if (conversation.members === null) {
    return {
      entry: { ...entry, conversation: { ...conversation, my_role } },
      effects: [{ type: "fetch-conversation", conversationId: id }],
    };
  }
  const next: Conversation = { ...conversation, my_role, members: mergeMembers(conversation.members, changed) };
  return { entry: { ...entry, conversation: next }, effects: [] };
}

function mergeMembers(members: Member[], changed: readonly Member[]): Member[] {
  const merged = new Map(members.map((member) => [member.user_id, member]));
  for (const member of changed) {
    if (member.active) merged.set(member.user_id, member);
    else merged.delete(member.user_id);
  }
  return [...merged.values()];
}
