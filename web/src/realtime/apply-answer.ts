// How answers of the server (pages, views, differences, heads) change data. Pure, as apply-event.ts.
import type { Changes, Conversation, ConversationView, Head, Message, MessagePage, User } from "../api/types";
import { applyEvent, applyMine, drain, withMembers } from "./apply-event";
import { appendMessage, joinPage, replaceMessage, withoutHidden } from "./messages";
import { type Change, type ChatState, type Effect, type Entry, withEntry, withoutEntry, withUsers } from "./state";

/** A conversation as a fresh fetch tells it. */
export function applyConversation(state: ChatState, view: ConversationView): Change {
  return applyOne(withUsers(state, view.users), view.conversation);
}

export function applyConversations(state: ChatState, conversations: Conversation[], users: User[]): Change {
  let current = withUsers(state, users);
  const effects: Effect[] = [];
  for (const conversation of conversations) {
    const change = applyOne(current, conversation);
    current = change.state;
    effects.push(...change.effects);
  }
  return { state: current, effects };
}

function applyOne(state: ChatState, conversation: Conversation): Change {
  const { id } = conversation;
  const entry = state.entries[id];
  if (!entry) {
    const fresh: Entry = { conversation, loaded: null, quotes: {}, kept: [], catchingUp: false };
    const { [id]: waiting = [], ...strangers } = state.strangers;
    let current = withEntry({ ...state, strangers }, fresh);
    const effects: Effect[] = [];
    for (const event of waiting) {
      const change = applyEvent(current, event);
      current = change.state;
      effects.push(...change.effects.filter((effect) => effect.type !== "arrived"));
    }
    return { state: current, effects };
  }
  if (conversation.version < entry.conversation.version) return { state, effects: [] };
  const mine =
    conversation.mine.mine_version >= entry.conversation.mine.mine_version
      ? conversation.mine
      : entry.conversation.mine;
  if (conversation.version === entry.conversation.version || !entry.loaded) {
    const taken: Entry = { ...entry, conversation: { ...conversation, mine }, catchingUp: false };
    return drain(withEntry(state, taken), id);
  }
  // Messages that are loaded may have changed on the way to the newer version: only the difference tells.
  return { state, effects: [{ type: "await-version", conversationId: id, version: conversation.version }] };
}

/** A page of messages. The caller has checked that it is not older than what is known. */
export function applyPage(
  state: ChatState,
  conversationId: string,
  page: MessagePage,
  where: "before" | "after" | "replace",
): ChatState {
  const entry = state.entries[conversationId];
  if (!entry) return state;
  const loaded = withoutHidden(joinPage(entry.loaded, page, where), entry.conversation.mine.hidden_seqs);
  return withEntry(withUsers(state, page.users), { ...entry, loaded });
}

export function isOutdated(state: ChatState, conversationId: string, page: MessagePage): boolean {
  const entry = state.entries[conversationId];
  return entry !== undefined && page.version < entry.conversation.version;
}

/** The answer to my own edit or reaction: the event will say the same. */
export function applyMessage(state: ChatState, message: Message): ChatState {
  const entry = state.entries[message.conversation_id];
  if (!entry) return state;
  const last = entry.conversation.last_message;
  const newer = last?.seq === message.seq && last.version <= message.version;
  return withEntry(state, {
    ...entry,
    loaded: replaceMessage(entry.loaded, message),
    conversation: newer ? { ...entry.conversation, last_message: message } : entry.conversation,
  });
}

export function applyQuote(state: ChatState, conversationId: string, seq: number, message: Message | null): ChatState {
  const entry = state.entries[conversationId];
  if (!entry) return state;
  return withEntry(state, { ...entry, quotes: { ...entry.quotes, [seq]: message } });
}

/** Everything since a position, as one snapshot: applied whole, then the kept events above it. */
export function applyDifference(state: ChatState, conversationId: string, changes: Changes): Change {
  const entry = state.entries[conversationId];
  if (!entry) return { state, effects: [] };
  if (changes.reset) {
    const dropped: Entry = { ...entry, loaded: null, quotes: {} };
    return {
      state: withEntry(state, dropped),
      effects: [
        { type: "fetch-conversation", conversationId },
        ...(entry.loaded ? [{ type: "reload-messages", conversationId } as const] : []),
      ],
    };
  }
  if (changes.version < entry.conversation.version) {
    return { state, effects: [{ type: "fetch-difference", conversationId }] };
  }
  const withNews = addMessages(entry, changes.messages);
  const conversation: Conversation = {
    ...withNews.conversation,
    ...changes.conversation,
    version: changes.version,
    last_seq: changes.last_seq,
    unread_count: changes.unread_count,
    lowest: changes.lowest,
  };
  const members = withMembers({ ...withNews, conversation, catchingUp: false }, changes.members, state.me);
  const people = withUsers(state, changes.users);
  const seen = withEntry(people, withOwnPosition(members.entry, changes, state.me));
  const mine = changes.mine ? applyMine(seen, changes.mine) : { state: seen, effects: [] };
  const drained = drain(mine.state, conversationId);
  // What crossing the size of a large group asks for has just been answered.
  const effects = members.effects.filter((effect) => effect.type !== "fetch-difference");
  return { state: drained.state, effects: [...effects, ...drained.effects] };
}

function addMessages(entry: Entry, messages: readonly Message[]): Entry {
  const known = entry.conversation.last_seq;
  let { loaded, quotes } = entry;
  let last = entry.conversation.last_message;
  for (const message of messages) {
    loaded = message.seq > known ? appendMessage(loaded, message) : replaceMessage(loaded, message);
    if (message.seq in quotes) quotes = { ...quotes, [message.seq]: message };
    if (!last || message.seq >= last.seq) last = message;
  }
  return { ...entry, loaded, quotes, conversation: { ...entry.conversation, last_message: last } };
}

/** My own watermarks can move with the members that changed. */
function withOwnPosition(entry: Entry, changes: Changes, me: string): Entry {
  const own = changes.members.find((member) => member.user_id === me);
  if (!own) return entry;
  const { mine } = entry.conversation;
  const raised = {
    ...mine,
    delivered_seq: Math.max(mine.delivered_seq, own.delivered_seq),
    read_seq: Math.max(mine.read_seq, own.read_seq),
  };
  return { ...entry, conversation: { ...entry.conversation, mine: raised } };
}

/** After connecting: keep what arrives until each conversation has been caught up with. */
export function beginCatchingUp(state: ChatState): ChatState {
  const entries: ChatState["entries"] = {};
  for (const [id, entry] of Object.entries(state.entries)) entries[id] = { ...entry, catchingUp: true };
  return { ...state, entries };
}

export function endCatchingUp(state: ChatState, conversationId: string): Change {
  const entry = state.entries[conversationId];
  if (!entry?.catchingUp) return { state, effects: [] };
  return drain(withEntry(state, { ...entry, catchingUp: false }), conversationId);
}

export function applyHeads(state: ChatState, heads: readonly Head[]): Change & { unknown: string[] } {
  let current = state;
  const effects: Effect[] = [];
  const unknown: string[] = [];
  for (const head of heads) {
    const id = head.conversation_id;
    const known = current.entries[id]?.conversation;
    if (head.removed) {
      if (known) {
        current = withoutEntry(current, id);
        effects.push({ type: "removed", conversationId: id });
      }
    } else if (!known) {
      unknown.push(id);
    } else if (head.version > known.version || head.mine_version > known.mine.mine_version) {
      effects.push({ type: "fetch-difference", conversationId: id });
    } else {
      const change = endCatchingUp(current, id);
      current = change.state;
      effects.push(...change.effects);
    }
  }
  return { state: current, effects, unknown };
}
