// Replays what real clients heard from a real server, and compares the end with what a fresh fetch says.
// A trace is one JSON file. Steps stand in the order in which the client got them; `changes` and `page` name their
// conversation by `conversation_id` where a trace has several, else it is that of the last view:
//   {"me": "usr_…",
//    "steps": [{"event": {…}} | {"view": ConversationView} | {"page": MessagePage} | {"changes": Changes} | {"heads": Heads}],
//    "final": {"conversations": [{"view": ConversationView, "messages": [Message, …]}]}}
import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../api/events";
import type { Changes, ConversationView, Heads, Message, MessagePage } from "../api/types";
import { applyConversation, applyDifference, applyHeads, applyPage, isOutdated } from "./apply-answer";
import { applyEvent } from "./apply-event";
import { type ChatState, emptyState } from "./state";

type Step = { conversation_id?: string } & (
  | { event: ServerEvent }
  | { view: ConversationView }
  | { page: MessagePage }
  | { changes: Changes }
  | { heads: Heads }
);
type Trace = {
  me: string;
  steps: Step[];
  final: { conversations: { view: ConversationView; messages: Message[] }[] };
};

const traces = import.meta.glob<Trace>("./fixtures/traces/*.json", { eager: true, import: "default" });

function replay({ me, steps }: Trace): ChatState {
  let state = emptyState(me);
  let last = "";
  for (const step of steps) {
    const id = step.conversation_id ?? last;
    if ("event" in step) state = applyEvent(state, step.event).state;
    else if ("view" in step) {
      state = applyConversation(state, step.view).state;
      last = step.view.conversation.id;
    } else if ("page" in step) {
      if (!isOutdated(state, id, step.page)) state = applyPage(state, id, step.page, "replace");
    } else if ("changes" in step) state = applyDifference(state, id, step.changes).state;
    else state = applyHeads(state, step.heads.heads).state;
  }
  return state;
}

const byId = <T extends { user_id: string }>(list: T[] | null) =>
  list && [...list].sort((a, b) => (a.user_id < b.user_id ? -1 : 1));

describe.each(Object.entries(traces))("%s", (_, trace) => {
  const state = replay(trace);
  it.each(trace.final.conversations)("ends where a fresh fetch does", ({ view, messages }) => {
    const entry = state.entries[view.conversation.id];
    const { members, lowest: _lowest, ...expected } = view.conversation;
    expect(entry?.kept).toEqual([]);
    expect(entry?.conversation).toMatchObject(expected);
    expect(byId(entry?.conversation.members ?? null)).toEqual(byId(members));
    expect(entry?.loaded?.messages).toEqual(messages);
  });
});

it("has traces to replay", () => {
  expect(Object.keys(traces).length).toBeGreaterThan(1);
});
