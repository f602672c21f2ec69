// What real clients heard from a real server, played to this client: it must end with what a fresh fetch shows.
// CONTRIBUTING.md says how the traces are recorded.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Session } from "../api/types";
import { type Trace, TraceServer, TraceSocket } from "../test/trace-server";
import { applyEvent } from "./apply-event";
import { chatStore, getChat, getEntry } from "./chat-store";
import { getSocket, loadMessages, startEngine, stopEngine } from "./engine";
import { adoptSession, endSessionHere, startSession } from "./session";

const traces = import.meta.glob<Trace>("./fixtures/*.json", { eager: true, import: "default" });

const pause = async (turns = 4) => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((next) => setImmediate(next));
};
const byId = <T extends { user_id: string }>(list: T[] | null | undefined) =>
  [...(list ?? [])].sort((a, b) => (a.user_id < b.user_id ? -1 : 1));

function plays(trace: Trace): TraceServer {
  const server = new TraceServer(trace);
  TraceSocket.server = server;
  vi.stubGlobal("WebSocket", TraceSocket);
  vi.stubGlobal("fetch", async (path: string, { method }: { method: string }) => server.answers(method, path));
  const user = { id: trace.user_id, user_version: 0 };
  startSession();
  adoptSession({ access_token: "t", expires_in_secs: 3600, session_id: "ses_1", user } as Session);
  startEngine(trace.user_id, 0);
  return server;
}

/** As a screen does: opened when it is known, and read from its beginning. */
async function opens(id: string) {
  if (!getEntry(id)?.loaded) await loadMessages(id, {}, "replace");
  for (let loaded = getEntry(id)?.loaded; loaded?.hasBefore; loaded = getEntry(id)?.loaded) {
    await loadMessages(id, { before: loaded.messages[0]?.seq ?? 0 }, "before");
  }
}

beforeEach(() => {
  // Receipts and repairs wait a moment; a trace does not.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"], shouldAdvanceTime: true });
});
afterEach(() => {
  stopEngine();
  endSessionHere(null);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it.each(Object.entries(traces))(
  "%s ends where a fresh fetch does, and nothing comes after a removal",
  async (_, trace) => {
    const server = plays(trace);
    const out = new Set<string>();
    const isOpened = (id: string) => id.charCodeAt(id.length - 1) % 2 === 0;
    for (let at = 0; at < server.size; at += 1) {
      const heard = server.plays(at);
      if (heard === "connected") {
        out.clear();
        getSocket()?.hurry();
        await vi.advanceTimersByTimeAsync(0);
        await vi.waitFor(() => expect(chatStore.getState().connection).toBe("open"));
      } else if (heard) {
        const id = "conversation_id" in heard ? (heard.conversation_id ?? "") : "";
        if (heard.type === "conversation.removed") out.add(id);
        else if (heard.type !== "typing") out.delete(id);
        await pause();
        if (heard.type !== "typing") for (const each of out) expect(getEntry(each)).toBeUndefined();
      }
      for (const [id, entry] of Object.entries(getChat().entries)) {
        if (isOpened(id) && !entry.loaded && chatStore.getState().loading[id] === undefined) opens(id);
      }
    }
    await vi.advanceTimersByTimeAsync(1000);
    for (const id of Object.keys(getChat().entries)) await opens(id);
    await vi.advanceTimersByTimeAsync(1000);

    expect(Object.keys(getChat().entries).sort()).toEqual(Object.keys(trace.end).sort());
    for (const [id, { view, messages }] of Object.entries(trace.end)) {
      const entry = getEntry(id);
      // The lowest position is kept up for large groups only.
      const { members, lowest: _lowest, ...expected } = view.conversation;
      expect(entry).toMatchObject({ kept: [], catchingUp: false });
      expect(entry?.conversation).toMatchObject(expected);
      expect(byId(entry?.conversation.members)).toEqual(byId(members));
      expect(entry?.loaded).toEqual({ messages, hasBefore: false, hasAfter: false });
    }
    // What is late and of a conversation that is not there any more makes nothing appear.
    for (const note of trace.notes) {
      if (!("frame" in note) || !("conversation_id" in note.frame)) continue;
      const { state } = applyEvent({ ...getChat(), entries: {} }, note.frame);
      expect(state.entries).toEqual({});
    }
  },
);

it("has traces to play", () => {
  expect(Object.keys(traces).length).toBeGreaterThan(2);
});
