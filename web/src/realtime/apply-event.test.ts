import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../api/events";
import type { Changes, DeliveryState } from "../api/types";
import {
  ANA,
  conversation,
  ID,
  loadedState,
  ME,
  member,
  message,
  mine,
  phoneNumber,
  smsConversation,
  text,
  user,
} from "../test/chat-fixtures";
import { applyConversation, applyDifference, applyHeads, beginCatchingUp, endCatchingUp } from "./apply-answer";
import { applyEvent } from "./apply-event";
import { countUnread } from "./messages";
import { type ChatState, type Effect, type Entry, emptyState } from "./state";

const created = (seq: number, version: number, over = {}): ServerEvent => ({
  type: "message.created",
  conversation_id: ID,
  version,
  message: message(seq, { version, ...over }),
});

function play(state: ChatState, ...events: ServerEvent[]) {
  const effects: Effect[] = [];
  let current = state;
  for (const event of events) {
    const change = applyEvent(current, event);
    current = change.state;
    effects.push(...change.effects);
  }
  const entry = current.entries[ID] as Entry;
  return { state: current, entry, conversation: entry?.conversation, effects };
}

const seqs = (state: ChatState) => state.entries[ID]?.loaded?.messages.map(({ seq }) => seq);

describe("new messages", () => {
  it("go to the end, count as unread and become the last message", () => {
    const { state, conversation, effects } = play(loadedState(2), created(3, 3));
    expect(seqs(state)).toEqual([1, 2, 3]);
    expect(conversation).toMatchObject({ version: 3, last_seq: 3, unread_count: 3 });
    expect(conversation.last_message?.seq).toBe(3);
    expect(effects).toEqual([{ type: "arrived", message: expect.objectContaining({ seq: 3 }) }]);
  });

  it("of mine and system lines are not unread", () => {
    const { conversation } = play(
      loadedState(0),
      created(1, 1, { sender_id: ME }),
      created(2, 2, { kind: "system", sender_id: null }),
    );
    expect(conversation.unread_count).toBe(0);
  });

  it("move the sender's own position when the server says so", () => {
    const { conversation } = play(loadedState(0), {
      ...created(1, 1, { sender_id: ME }),
      sender_position: { user_id: ME, delivered_seq: 1, read_seq: 1 },
    } as ServerEvent);
    expect(conversation.mine.read_seq).toBe(1);
    expect(conversation.members?.find(({ user_id }) => user_id === ME)?.read_seq).toBe(1);
  });

  it("do not join a stretch whose end is not loaded", () => {
    const state = loadedState(2);
    state.entries[ID]!.loaded!.hasAfter = true;
    const next = play(state, created(3, 3));
    expect(seqs(next.state)).toEqual([1, 2]);
    expect(next.conversation.last_seq).toBe(3);
  });

  it("stop counting at a thousand", () => {
    expect(play(loadedState(0, { unread_count: 1000 }), created(1, 1)).conversation.unread_count).toBe(1000);
  });

  it("of somebody unknown ask for the profile", () => {
    const { effects } = play(loadedState(0), created(1, 1, { sender_id: "usr_new" }));
    expect(effects).toContainEqual({ type: "fetch-user", userId: "usr_new" });
  });
});

describe("texts to and from a phone", () => {
  const phone = { kind: "sms", line: smsConversation().line } as const;

  it("count as unread when the phone sent them, and when a colleague did, as notes do", () => {
    const { conversation } = play(
      loadedState(0, phone),
      created(1, 1, { sender_id: null, delivery: text(1, "received").delivery }),
      created(2, 2, { sender_id: ANA, delivery: text(2, "queued").delivery }),
      created(3, 3, { kind: "note" }),
      created(4, 4, { sender_id: ME, delivery: text(4, "queued").delivery }),
      created(5, 5, { kind: "system", sender_id: null, body: "You will get no more messages." }),
    );
    expect(conversation.unread_count).toBe(3);
  });

  it("take a deleted note from unread", () => {
    const note = { kind: "note", body: "" } as const;
    const { conversation } = play(loadedState(0, phone), created(1, 1, note), {
      type: "message.updated",
      conversation_id: ID,
      version: 2,
      message: message(1, { ...note, version: 2, deleted_at: "2026-11-21T10:00:00Z" }),
    });
    expect(conversation.unread_count).toBe(0);
  });

  it("show how far they have come as it is told, in the list as well", () => {
    const moved = (version: number, state: DeliveryState): ServerEvent => ({
      type: "message.updated",
      conversation_id: ID,
      version,
      message: text(1, state, { version }),
    });
    const queued = created(1, 1, { sender_id: ME, delivery: text(1, "queued").delivery });
    const { entry, conversation } = play(loadedState(0, phone), queued, moved(2, "submitted"), moved(3, "delivered"));
    expect(entry.loaded?.messages[0]?.delivery?.state).toBe("delivered");
    expect(conversation.last_message?.delivery?.state).toBe("delivered");
    expect(conversation.unread_count).toBe(0);
  });

  it("stop when the phone says so", () => {
    const { id, kind, title, description, picture_url, show_past, member_count, last_seq, line } = smsConversation();
    const stopped = { ...line!, opted_out_at: "2026-05-03T09:00:00Z" };
    const { conversation } = play(loadedState(0, phone), {
      type: "conversation.updated",
      conversation_id: ID,
      version: 1,
      conversation: { id, kind, title, description, picture_url, show_past, member_count, last_seq, line: stopped },
      members: [],
      users: [],
    });
    expect(conversation.line?.opted_out_at).toBe("2026-05-03T09:00:00Z");
  });

  it("leave what a number is to those who show it", () => {
    const state = loadedState(0, phone);
    const number = phoneNumber({ state: "released", version: 2 });
    const change = applyEvent(state, { type: "number.updated", number });
    expect(change).toEqual({ state, effects: [{ type: "number", number }] });
  });
});

describe("versions", () => {
  it("that are known already change nothing", () => {
    const state = loadedState(2);
    const after = applyEvent(state, created(2, 2));
    expect(after.state).toBe(state);
    expect(after.effects).toEqual([]);
  });

  it("that leave a gap wait, and apply in order once it is closed", () => {
    const early = play(loadedState(1), created(4, 4), created(3, 3));
    expect(early.conversation.version).toBe(1);
    expect(early.effects).toContainEqual({ type: "await-version", conversationId: ID, version: 4 });
    const closed = play(early.state, created(2, 2));
    expect(seqs(closed.state)).toEqual([1, 2, 3, 4]);
    expect(closed.conversation.version).toBe(4);
    expect(closed.entry.kept).toEqual([]);
  });

  it("that arrive twice behind a gap are kept once", () => {
    expect(play(loadedState(1), created(3, 3), created(3, 3)).entry.kept).toHaveLength(1);
  });

  it("that say nothing to me only move on", () => {
    const { conversation } = play(loadedState(1), { type: "conversation.version", conversation_id: ID, version: 2 });
    expect(conversation.version).toBe(2);
  });

  it("in any order lead to the same state", () => {
    const events = [created(2, 2), created(3, 3, { sender_id: ME }), created(4, 4), created(5, 5)];
    const straight = play(loadedState(1), ...events).state;
    const shuffled = play(loadedState(1), events[2]!, events[0]!, events[3]!, events[0]!, events[1]!).state;
    expect(shuffled.entries[ID]).toEqual(straight.entries[ID]);
  });
});

describe("changed messages", () => {
  const updated = (seq: number, version: number, over = {}): ServerEvent => ({
    type: "message.updated",
    conversation_id: ID,
    version,
    message: message(seq, { version, ...over }),
  });

  it("replace the one of that place", () => {
    const { state } = play(loadedState(2), updated(1, 3, { body: "better", edited_at: "x" }));
    expect(state.entries[ID]!.loaded!.messages[0]).toMatchObject({ body: "better", version: 3 });
  });

  it("never replace a newer copy", () => {
    const state = loadedState(2);
    state.entries[ID]!.loaded!.messages[0] = message(1, { version: 9, body: "newest" });
    expect(play(state, updated(1, 3, { body: "old" })).entry.loaded!.messages[0]!.body).toBe("newest");
  });

  it("take one from unread when an unread one is deleted, once", () => {
    const gone = { body: "", deleted_at: "2026-11-21T10:00:00Z" };
    const { conversation } = play(loadedState(2), updated(2, 3, gone), updated(2, 4, gone));
    expect(conversation.unread_count).toBe(1);
    expect(conversation.last_message?.deleted_at).not.toBeNull();
  });

  it("take one from unread, too, when a page was faster than they are", () => {
    const deleted = { deleted_at: "2026-11-21T10:00:00Z", body: "" };
    const state = loadedState(2);
    state.entries[ID]!.loaded!.messages = [
      message(1),
      message(2, { ...deleted, version: 3 }),
      message(3, { version: 4 }),
    ];
    expect(countUnread(state.entries[ID]!, ME)).toBe(2);
    const { conversation } = play(state, updated(2, 3, deleted), created(3, 4));
    expect(conversation.unread_count).toBe(2);
  });

  it("leave unread alone when a read one is deleted", () => {
    const state = loadedState(3, { unread_count: 1, mine: mine({ read_seq: 2 }) });
    expect(play(state, updated(1, 4, { deleted_at: "x" })).conversation.unread_count).toBe(1);
  });

  it("show in quotes", () => {
    const state = loadedState(1);
    state.entries[ID]!.quotes = { 7: message(7) };
    expect(play(state, updated(7, 2, { body: "new words" })).entry.quotes[7]?.body).toBe("new words");
  });
});

describe("receipts", () => {
  const receipt = (version: number, positions: { user_id: string; delivered_seq: number; read_seq: number }[]) =>
    ({ type: "receipt.updated", conversation_id: ID, version, positions }) as ServerEvent;

  it("raise positions and never lower them", () => {
    const { conversation } = play(
      loadedState(3),
      receipt(4, [{ user_id: ANA, delivered_seq: 3, read_seq: 2 }]),
      receipt(5, [{ user_id: ANA, delivered_seq: 1, read_seq: 1 }]),
    );
    expect(conversation.members?.[1]).toMatchObject({ delivered_seq: 3, read_seq: 2 });
  });

  it("of mine count again what is unread", () => {
    const some = play(loadedState(3), receipt(4, [{ user_id: ME, delivered_seq: 3, read_seq: 1 }]));
    expect(some.conversation.unread_count).toBe(2);
    const all = play(some.state, receipt(5, [{ user_id: ME, delivered_seq: 3, read_seq: 3 }]));
    expect(all.conversation.unread_count).toBe(0);
  });

  it("of mine ask for the number where it cannot be known", () => {
    const state = loadedState(3, { last_seq: 900, unread_count: 900 });
    state.entries[ID]!.loaded = null;
    const { effects } = play(state, receipt(4, [{ user_id: ME, delivered_seq: 3, read_seq: 1 }]));
    expect(effects).toEqual([{ type: "fetch-difference", conversationId: ID }]);
  });

  it("of large groups carry the lowest position", () => {
    const { conversation } = play(loadedState(3, { members: null, member_count: 500 }), {
      type: "receipt.updated",
      conversation_id: ID,
      version: 4,
      lowest: { delivered_seq: 3, read_seq: 1 },
    });
    expect(conversation.lowest).toEqual({ delivered_seq: 3, read_seq: 1 });
  });
});

describe("membership and facts", () => {
  const changed = (version: number, facts: object, members: ReturnType<typeof member>[]): ServerEvent => {
    const { id, kind, title, description, picture_url, line, show_past, member_count, last_seq } = conversation(facts);
    return {
      type: "conversation.updated",
      conversation_id: ID,
      version,
      conversation: { id, kind, title, description, picture_url, line, show_past, member_count, last_seq },
      members,
      users: members.map(({ user_id }) => user(user_id)),
    };
  };

  it("rename, add and bring the profile", () => {
    const { state, conversation } = play(
      loadedState(0),
      changed(1, { title: "New", member_count: 3 }, [member("usr_eve")]),
    );
    expect(conversation).toMatchObject({ title: "New", member_count: 3, version: 1 });
    expect(conversation.members?.map(({ user_id }) => user_id)).toEqual([ME, ANA, "usr_eve"]);
    expect(state.users.usr_eve?.username).toBe("eve");
  });

  it("forget who left and take over my role", () => {
    const { conversation } = play(
      loadedState(0),
      changed(1, { member_count: 1 }, [member(ANA, { active: false }), member(ME, { role: "owner" })]),
    );
    expect(conversation.members?.map(({ user_id }) => user_id)).toEqual([ME]);
    expect(conversation.my_role).toBe("owner");
  });

  it("drop single members when a group grows large", () => {
    const { conversation, effects } = play(loadedState(0), changed(1, { member_count: 101 }, [member("usr_eve")]));
    expect(conversation.members).toBeNull();
    expect(effects).toContainEqual({ type: "fetch-difference", conversationId: ID });
  });

  it("create and remove", () => {
    const created = applyEvent(emptyState(ME), { type: "conversation.created", conversation_id: ID, version: 1 });
    expect(created.effects).toEqual([{ type: "fetch-conversation", conversationId: ID }]);
    const removed = play(loadedState(1), { type: "conversation.removed", conversation_id: ID });
    expect(removed.state.entries[ID]).toBeUndefined();
  });
});

describe("what is mine alone", () => {
  const own = (over: object): ServerEvent => ({ type: "mine.updated", conversation_id: ID, mine: mine(over) });

  it("is replaced by a higher counter only", () => {
    const { conversation } = play(
      loadedState(1),
      own({ mine_version: 3, pinned_at: "x" }),
      own({ mine_version: 2, pinned_at: null }),
    );
    expect(conversation.mine.pinned_at).toBe("x");
  });

  it("hides messages and counts again", () => {
    const { state, conversation } = play(loadedState(3), own({ mine_version: 2, hidden_seqs: [2] }));
    expect(seqs(state)).toEqual([1, 3]);
    expect(conversation.unread_count).toBe(2);
  });
});

describe("signals", () => {
  it("become effects and change nothing", () => {
    const state = loadedState(1);
    const after = play(
      state,
      { type: "typing", conversation_id: ID, user_id: ANA },
      { type: "user.updated", user_version: 4 },
      { type: "sync" },
      { type: "from.the.future" } as unknown as ServerEvent,
    );
    expect(after.state).toBe(state);
    expect(after.effects).toEqual([
      { type: "typing", conversationId: ID, userId: ANA },
      { type: "refetch-account", userVersion: 4 },
      { type: "sync" },
    ]);
  });
});

describe("a conversation that is not known yet", () => {
  it("is fetched when something is written, and events in between are not lost", () => {
    const early = applyEvent(emptyState(ME), created(3, 3));
    expect(early.effects).toEqual([{ type: "fetch-conversation", conversationId: ID }]);
    const view = { conversation: conversation({ version: 2, last_seq: 2 }), users: [] };
    const { state } = applyConversation(early.state, view);
    expect(state.entries[ID]?.conversation).toMatchObject({ version: 3, last_seq: 3, unread_count: 1 });
    expect(state.strangers[ID]).toBeUndefined();
  });
});

describe("the difference", () => {
  const changes = (over: Partial<Changes>): Changes => ({
    version: 6,
    last_seq: 4,
    reset: false,
    conversation: conversation({ last_seq: 4 }),
    messages: [message(1, { version: 5, body: "edited" }), message(3, { version: 3 }), message(4, { version: 6 })],
    members: [],
    users: [],
    mine: null,
    unread_count: 4,
    lowest: { delivered_seq: 0, read_seq: 0 },
    ...over,
  });

  it("is applied whole, then kept events above it", () => {
    const waiting = play(loadedState(2), created(5, 7));
    const { state } = applyDifference(waiting.state, ID, changes({}));
    expect(seqs(state)).toEqual([1, 2, 3, 4, 5]);
    expect(state.entries[ID]?.loaded?.messages[0]?.body).toBe("edited");
    expect(state.entries[ID]?.conversation).toMatchObject({ version: 7, last_seq: 5, unread_count: 5 });
  });

  it("that is older than what is here is asked for again", () => {
    const { state, effects } = applyDifference(loadedState(9), ID, changes({}));
    expect(state.entries[ID]?.conversation.version).toBe(9);
    expect(effects).toEqual([{ type: "fetch-difference", conversationId: ID }]);
  });

  it("with a reset drops what is loaded and loads again", () => {
    const { state, effects } = applyDifference(loadedState(2), ID, changes({ reset: true, messages: [] }));
    expect(state.entries[ID]?.loaded).toBeNull();
    expect(effects).toEqual([
      { type: "fetch-conversation", conversationId: ID },
      { type: "reload-messages", conversationId: ID },
    ]);
  });
});

describe("after connecting", () => {
  it("events wait until the conversation is caught up with", () => {
    const held = play(beginCatchingUp(loadedState(2)), created(3, 3));
    expect(held.conversation.version).toBe(2);
    const { state } = endCatchingUp(held.state, ID);
    expect(seqs(state)).toEqual([1, 2, 3]);
  });

  it("heads tell what is removed, what differs and what is well", () => {
    const head = { conversation_id: ID, version: 2, last_seq: 2, mine_version: 1, removed: false };
    const well = applyHeads(beginCatchingUp(loadedState(2)), [head]);
    expect(well.effects).toEqual([]);
    expect(well.state.entries[ID]?.catchingUp).toBe(false);
    expect(applyHeads(loadedState(2), [{ ...head, version: 3 }]).effects).toEqual([
      { type: "fetch-difference", conversationId: ID },
    ]);
    expect(applyHeads(loadedState(2), [{ ...head, removed: true }]).state.entries[ID]).toBeUndefined();
    expect(applyHeads(emptyState(ME), [head]).unknown).toEqual([ID]);
  });
});
