// Messages that the server has not confirmed. Kept on the device per person; nothing written is ever lost.
// One tab sends them, in order per conversation; a refused message does not hold up the next.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { v4 as newId } from "uuid";
import { createStore, useStore } from "zustand";
import { ApiError, isTemporary } from "../api/errors";
import type { Message, Problem } from "../api/types";
import { noteTakenBack, noteWritten } from "./undo";

export type Reason = Pick<Problem, "code" | "detail" | "missing_micros" | "mode">;

export type Unsent = {
  client_id: string;
  user_id: string;
  conversation_id: string;
  body: string;
  reply_to_seq: number | null;
  /** In a conversation with a phone; messages among people have none. */
  kind?: "text" | "note";
  /** What its writer saw that it costs: refused if it costs more. */
  max_price_micros?: number | null;
  created_at: string;
  /** Decides the order within a conversation. */
  place: number;
  state: "pending" | "failed";
  /** What the server said when it refused. */
  reason: Reason | null;
  /** The place it got: shown as sent until the event brings the message itself. */
  sent_seq: number | null;
};

type Schema = DBSchema & { messages: { key: string; value: Unsent; indexes: { user: string } } };
export type SendOne = (item: Unsent) => Promise<Message>;

const store = createStore<{ items: Unsent[] }>(() => ({ items: [] }));
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("convo.outbox");
/** A text that could not leave for so long may say what is not true any more: its writer is asked first. */
export const ASK_AFTER_MS = 3_600_000;
export const WAITED_LONG = "waited_long";
const RETRY_MS = [1000, 2000, 5000, 10_000, 30_000];

let database: Promise<IDBPDatabase<Schema>> | null = null;
let owner: string | null = null;
let send: SendOne | null = null;
let draining = false;
let release: (() => void) | null = null;
/** Conversations that are being sent to; a set of its own for each opening. */
let busy = new Set<string>();
/** Done with: confirmed or thrown away. A read that was on its way must not bring them back. */
const gone = new Set<string>();
const retries = new Map<string, { count: number; timer: ReturnType<typeof setTimeout> }>();

function db(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>("convo", 1, {
    upgrade(opened) {
      opened.createObjectStore("messages", { keyPath: "client_id" }).createIndex("user", "user_id");
    },
  });
  return database;
}

/** Without a working database the outbox lives as long as the tab. */
async function stored<T>(work: (opened: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
  try {
    return await work(await db());
  } catch {
    return undefined;
  }
}

const byPlace = (a: Unsent, b: Unsent) => a.place - b.place;

function put(item: Unsent) {
  const others = store.getState().items.filter((other) => other.client_id !== item.client_id);
  store.setState({ items: [...others, item].sort(byPlace) });
}

async function save(item: Unsent) {
  put(item);
  await stored((opened) => opened.put("messages", item));
  channel?.postMessage(owner);
}

async function forget(clientIds: string[]) {
  for (const id of clientIds) gone.add(id);
  store.setState({ items: store.getState().items.filter((item) => !gone.has(item.client_id)) });
  await stored(async (opened) => {
    const change = opened.transaction("messages", "readwrite");
    await Promise.all([...clientIds.map((id) => change.store.delete(id)), change.done]);
  });
  channel?.postMessage(owner);
}

async function reload() {
  const user = owner;
  if (!user) return;
  const items = await stored((opened) => opened.getAllFromIndex("messages", "user", user));
  if (items && owner === user) {
    // What was read may be older than what this tab knows: sent items are kept until they are shown, and never come back.
    const sent = store.getState().items.filter((item) => item.sent_seq !== null);
    const known = new Set(sent.map((item) => item.client_id));
    const waiting = items.filter((item) => !known.has(item.client_id) && !gone.has(item.client_id));
    store.setState({ items: [...sent, ...waiting].sort(byPlace) });
  }
}

/** Opens the outbox of this person. Another account on this device never sees or sends what is in it. */
export async function openOutbox(user: string, sendOne: SendOne) {
  closeOutbox();
  owner = user;
  send = sendOne;
  await reload();
  const hold = () =>
    new Promise<void>((resolve) => {
      if (owner !== user) return resolve();
      release = resolve;
      draining = true;
      drain();
    });
  if (navigator.locks) navigator.locks.request(`convo.outbox.${user}`, hold).catch(() => undefined);
  else hold();
}

export function closeOutbox() {
  owner = null;
  send = null;
  draining = false;
  release?.();
  release = null;
  for (const { timer } of retries.values()) clearTimeout(timer);
  retries.clear();
  busy = new Set();
  store.setState({ items: [] });
}

channel?.addEventListener("message", async ({ data }) => {
  if (!owner || data !== owner) return;
  await reload();
  drain();
});

/** Sends what waits, each conversation by itself. Safe to call at any time. */
export function drain() {
  if (!draining || !send) return;
  const conversations = new Set(
    store
      .getState()
      .items.filter(isWaiting)
      .map((item) => item.conversation_id),
  );
  for (const id of conversations) if (!busy.has(id) && !retries.get(id)?.timer) drainConversation(id);
}

/** The network is back: waiting times are over. */
export function drainNow() {
  for (const [id, { timer }] of retries) {
    clearTimeout(timer);
    retries.delete(id);
  }
  drain();
}

const isHere = ({ client_id }: Unsent) => store.getState().items.some((item) => item.client_id === client_id);
const isWaiting = (item: Unsent) => item.state === "pending" && item.sent_seq === null;

async function drainConversation(id: string) {
  // What was on its way when the outbox was closed has no say in what is sent since.
  const marks = busy;
  const isOver = () => busy !== marks;
  marks.add(id);
  try {
    for (;;) {
      const item = store.getState().items.find((each) => each.conversation_id === id && isWaiting(each));
      if (!item || !send || isOver()) return;
      if (item.kind === "text" && Date.now() - Date.parse(item.created_at) > ASK_AFTER_MS) {
        await save({ ...item, state: "failed", reason: { code: WAITED_LONG, detail: "" } });
        continue;
      }
      try {
        const message = await send(item);
        if (isOver()) return;
        retries.delete(id);
        // The event may have been faster than the answer, and then the message is shown already.
        if (isHere(item)) put({ ...item, sent_seq: message.seq });
        await stored((opened) => opened.delete("messages", item.client_id));
      } catch (error) {
        if (isOver()) return;
        if (isTemporary(error)) return waitFor(id, error);
        const problem = error instanceof ApiError ? error.problem : null;
        const { code = "unknown", detail, title, missing_micros, mode } = problem ?? {};
        const reason = { code, detail: detail || title || "", missing_micros, mode };
        await save({ ...item, state: "failed", reason });
      }
    }
  } finally {
    marks.delete(id);
  }
}

function waitFor(id: string, error: unknown) {
  const count = retries.get(id)?.count ?? 0;
  const asked = error instanceof ApiError ? error.retryAfterSecs : null;
  const ms = asked ? asked * 1000 : (RETRY_MS[Math.min(count, RETRY_MS.length - 1)] as number);
  const timer = setTimeout(() => {
    retries.set(id, { count: count + 1, timer: 0 as unknown as ReturnType<typeof setTimeout> });
    drain();
  }, ms);
  retries.set(id, { count, timer });
}

let lastPlace = 0;

export type NewMessage = Pick<Unsent, "conversation_id" | "body" | "reply_to_seq" | "kind" | "max_price_micros">;

export async function enqueue(draft: NewMessage) {
  if (!owner) throw new Error("the outbox is closed");
  lastPlace = Math.max(lastPlace + 1, Date.now());
  const client_id = newId();
  if (draft.kind === "text") noteWritten(client_id);
  await save({
    ...draft,
    // Half of an emoji is no text to any server.
    body: draft.body.toWellFormed(),
    client_id,
    user_id: owner,
    created_at: new Date().toISOString(),
    place: lastPlace,
    state: "pending",
    reason: null,
    sent_seq: null,
  });
  drain();
}

export async function retry(clientId: string) {
  const item = store.getState().items.find((each) => each.client_id === clientId);
  if (!item) return;
  // Who wants it sent now has just been asked.
  const created_at = item.kind === "text" ? new Date().toISOString() : item.created_at;
  if (item.kind === "text") noteWritten(clientId);
  await save({ ...item, created_at, state: "pending", reason: null });
  drainNow();
}

/** Takes a text back that waits here. It may be on its way to the server: what comes of it there is taken back, too. */
export function takeBack(clientId: string): boolean {
  const item = store.getState().items.find((each) => each.client_id === clientId && isWaiting(each));
  if (!item) return false;
  noteTakenBack(clientId);
  discard(clientId);
  return true;
}

export const discard = (clientId: string) => forget([clientId]);

/** The conversation itself shows these messages now. */
export function confirm(isShown: (item: Unsent) => boolean) {
  const shown = store.getState().items.filter(isShown);
  if (shown.length > 0) forget(shown.map((item) => item.client_id));
}

export const unsentItems = () => store.getState().items;
export const unsentCount = () => store.getState().items.filter((item) => item.sent_seq === null).length;

const NONE: Unsent[] = [];
let cachedFrom: Unsent[] = NONE;
let cached = new Map<string, Unsent[]>();

/** The unconfirmed messages of one conversation; the same list as long as nothing changed. */
export function useUnsent(conversationId: string): Unsent[] {
  return useStore(store, ({ items }) => {
    if (items !== cachedFrom) {
      cachedFrom = items;
      cached = Map.groupBy(items, (item) => item.conversation_id);
    }
    return cached.get(conversationId) ?? NONE;
  });
}

/** In which conversations something waits, or was refused: their ids with a space between, the same as long as they are. */
export const useUnsentPlaces = () =>
  useStore(store, ({ items }) => [...new Set(items.map((item) => item.conversation_id))].join(" "));

/** The latest of a conversation that was refused and waits for its writer. */
export const useRefused = (conversationId: string) =>
  useStore(store, ({ items }) =>
    items.findLast((item) => item.conversation_id === conversationId && item.state === "failed"),
  );
