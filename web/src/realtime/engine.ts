// Connects the parts: frames go through apply-event, effects become requests, what was missed is fetched.
import {
  cancelMessage,
  getChanges,
  getConversation,
  getHeads,
  getUser,
  listMessages,
  type Place,
  sendMessage,
} from "../api/calls";
import { isStatus, NoAnswer } from "../api/errors";
import type { ServerEvent } from "../api/events";
import type { HandsetMessage, Heads, Message, PhoneNumber, Verification, Wallet } from "../api/types";
import {
  applyConversation,
  applyDifference,
  applyHeads,
  applyPage,
  beginCatchingUp,
  endCatchingUp,
  isOutdated,
} from "./apply-answer";
import { applyEvent } from "./apply-event";
import { chatStore, getChat, getEntry, resetChat, setChat } from "./chat-store";
import { loadList, reloadLists } from "./lists";
import { closeOutbox, confirm, drainNow, openOutbox, type Unsent } from "./outbox";
import { markDelivered, noteDelivered, startReceipts, stopReceipts } from "./receipts";
import { endSessionHere, freshToken, getMe, renewToken, samePerson } from "./session";
import { createSocket, type Socket } from "./socket";
import { type Effect, withoutEntry, withUsers } from "./state";
import { setEffects, take } from "./take";
import { noteTyping, stopTyping } from "./typing";
import { noteWaiting, UNDO_MS, wasTakenBack } from "./undo";

export const PAGE = 50;
const GAP_MS = 200;
const PARALLEL = 4;

type Listener = {
  arrived?: (message: Message) => void;
  removed?: (conversationId: string) => void;
  account?: (userVersion: number) => void;
  wallet?: (wallet: Wallet) => void;
  number?: (number: PhoneNumber) => void;
  verification?: (verification: Verification) => void;
  handset?: (message: HandsetMessage) => void;
  /** Events may have been missed. */
  missed?: () => void;
};

let socket: Socket | null = null;
let listener: Listener = {};
let visible: string | null = null;
let syncTimer = 0;
let userVersion = -1;
let connectedBefore = false;

export const setListener = (next: Listener) => {
  listener = next;
};
/** The conversation on screen is caught up with first. */
export const setVisible = (conversationId: string | null) => {
  visible = conversationId;
};
export const getSocket = () => socket;

export function startEngine(me: string, version: number) {
  stopEngine();
  resetChat(me);
  setEffects(run);
  userVersion = version;
  connectedBefore = false;
  socket = createSocket({
    address: () => `${location.origin.replace(/^http/, "ws")}/api/realtime`,
    token: freshToken,
    renew: async () => (await renewToken(await freshToken())) !== null,
    onHello: (hello) => onHello(hello.sync_secs),
    onEvent: dispatch,
    onOpen: (open) => chatStore.setState({ connection: open ? "open" : "connecting" }),
    onEnded: endSessionHere,
  });
  startReceipts(socket);
  socket.start();
  openOutbox(me, sendUnsent);
  loadList("inbox");
  window.addEventListener("online", wake);
  window.addEventListener("offline", lose);
  document.addEventListener("visibilitychange", wake);
}

export function stopEngine() {
  socket?.stop();
  socket = null;
  clearTimeout(syncTimer);
  window.removeEventListener("online", wake);
  window.removeEventListener("offline", lose);
  document.removeEventListener("visibilitychange", wake);
  closeOutbox();
  stopReceipts();
  stopTyping();
  queue.clear();
}

function wake() {
  if (document.visibilityState !== "visible") return;
  socket?.hurry();
  drainNow();
}

const lose = () => socket?.lost();

function onHello(syncSecs: number) {
  setChat(beginCatchingUp(getChat()));
  sync();
  if (connectedBefore) listener.missed?.();
  drainNow();
  scheduleSync(syncSecs);
}

function scheduleSync(syncSecs: number) {
  clearTimeout(syncTimer);
  const ms = syncSecs * 1000 * (0.75 + Math.random() / 2);
  syncTimer = window.setTimeout(() => {
    sync();
    scheduleSync(syncSecs);
  }, ms);
}

async function askHeads(cursor: string | undefined): Promise<Heads> {
  if (!socket?.isOpen()) return getHeads(cursor);
  return (await socket.request({ type: "sync", cursor })) as Heads;
}

let syncing: Promise<void> | null = null;

/** Compares what is here with the heads of everything, and fetches what differs. */
export function sync(): Promise<void> {
  syncing ??= compareHeads().finally(() => {
    syncing = null;
  });
  return syncing;
}

async function compareHeads() {
  const started = socket;
  const unknown: string[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  try {
    do {
      const page = await askHeads(cursor);
      if (started !== socket) return;
      for (const head of page.heads) seen.add(head.conversation_id);
      const change = applyHeads(getChat(), page.heads);
      unknown.push(...change.unknown);
      take(change);
      if (!cursor && page.user_version !== userVersion) noteAccount(page.user_version);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
  } catch {
    // The connection went away; the next hello starts again.
    return;
  }
  for (const id of Object.keys(getChat().entries)) if (!seen.has(id)) take(endCatchingUp(getChat(), id));
  if (connectedBefore && unknown.length > 0) reloadLists();
  connectedBefore = true;
}

function noteAccount(version: number) {
  if (version <= userVersion) return;
  userVersion = version;
  listener.account?.(version);
}

export function dispatch(event: ServerEvent) {
  take(applyEvent(getChat(), event));
}

function run(effect: Effect) {
  switch (effect.type) {
    case "fetch-difference":
      return enqueueFetch(effect.conversationId, "difference");
    case "fetch-conversation":
      return enqueueFetch(effect.conversationId, "conversation");
    case "reload-messages":
      loadMessages(effect.conversationId, {}, "replace");
      return;
    case "await-version":
      setTimeout(() => {
        const entry = getEntry(effect.conversationId);
        if (entry && entry.conversation.version < effect.version) enqueueFetch(effect.conversationId, "difference");
      }, GAP_MS);
      return;
    case "fetch-user":
      fetchUser(effect.userId);
      return;
    case "refetch-account":
      return noteAccount(effect.userVersion);
    case "wallet":
      listener.wallet?.(effect.wallet);
      return;
    case "number":
      listener.number?.(effect.number);
      return;
    case "verification":
      listener.verification?.(effect.verification);
      return;
    case "handset":
      listener.handset?.(effect.message);
      return;
    case "sync":
      sync();
      listener.missed?.();
      return;
    case "removed":
      confirm((item) => item.conversation_id === effect.conversationId && item.sent_seq !== null);
      listener.removed?.(effect.conversationId);
      return;
    case "arrived":
      return onArrived(effect.message);
    case "typing":
      return noteTyping(effect.conversationId, effect.userId);
  }
}

function onArrived(message: Message) {
  const { me } = getChat();
  if (message.sender_id === me) {
    noteMine(message);
    confirm((item) => item.client_id === message.client_id && item.conversation_id === message.conversation_id);
  } else {
    if (message.sender_id) noteTyping(message.conversation_id, message.sender_id, 0);
    markDelivered(message.conversation_id, message.seq);
  }
  listener.arrived?.(message);
}

type Fetch = "difference" | "conversation";
const queue = new Map<string, Fetch>();
const running = new Set<string>();

function enqueueFetch(id: string, what: Fetch) {
  if (queue.get(id) !== "conversation") queue.set(id, what);
  pump();
}

function pump() {
  while (running.size < PARALLEL) {
    const waiting = [...queue.keys()].filter((id) => !running.has(id));
    const id = waiting.find((each) => each === visible) ?? waiting[0];
    if (!id) return;
    const what = queue.get(id) as Fetch;
    queue.delete(id);
    running.add(id);
    (what === "difference" ? fetchDifference(id) : fetchConversation(id)).finally(() => {
      running.delete(id);
      pump();
    });
  }
}

async function fetchUser(id: string) {
  const isSame = samePerson();
  const user = await getUser(id).catch(() => null);
  if (user && isSame()) setChat(withUsers(getChat(), [user]));
}

async function fetchDifference(id: string) {
  const entry = getEntry(id);
  if (!entry) return;
  const isSame = samePerson();
  const { version, last_seq, mine } = entry.conversation;
  try {
    const changes = await getChanges(id, { version, last_seq, mine_version: mine.mine_version });
    if (!isSame()) return;
    take(applyDifference(getChat(), id, changes));
    confirmShown(id);
    const newest = getEntry(id)?.conversation;
    if (newest) noteDelivered(newest);
  } catch (error) {
    if (isSame() && isStatus(error, 404)) drop(id);
    // Otherwise the next sync finds the same difference again.
  }
}

export async function fetchConversation(id: string) {
  const isSame = samePerson();
  try {
    const view = await getConversation(id);
    if (!isSame()) return;
    take(applyConversation(getChat(), view));
    noteDelivered(view.conversation);
  } catch (error) {
    if (!isSame()) return;
    if (isStatus(error, 404)) drop(id);
    else throw error;
  }
}

function drop(id: string) {
  const known = getEntry(id) !== undefined;
  setChat(withoutEntry(getChat(), id));
  chatStore.setState(({ missing }) => ({ missing: { ...missing, [id]: true } }));
  // What was never there is told on its own screen instead of leading away without a word.
  if (known) listener.removed?.(id);
}

/** Loads a page of messages; again if events overtook it, so that nothing on it is old. */
export async function loadMessages(id: string, place: Place, where: "before" | "after" | "replace"): Promise<boolean> {
  const isSame = samePerson();
  if (where === "replace") setLoading(id, "loading");
  try {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const page = await listMessages(id, place, PAGE);
      if (!isSame()) return false;
      if (isOutdated(getChat(), id, page) && attempt < 3) continue;
      setChat(applyPage(getChat(), id, page, where));
      confirmShown(id);
      break;
    }
    if (where === "replace") setLoading(id, null);
    return true;
  } catch {
    if (where === "replace" && isSame()) setLoading(id, "failed");
    return false;
  }
}

function setLoading(id: string, state: "loading" | "failed" | null) {
  chatStore.setState(({ loading }) => {
    const { [id]: _before, ...others } = loading;
    return { loading: state ? { ...others, [id]: state } : others };
  });
}

/** Messages of mine that came by a page or a difference instead of an event. */
function confirmShown(id: string) {
  const entry = getEntry(id);
  if (!entry) return;
  const shown = new Set(entry.loaded?.messages.slice(-200).map((message) => message.client_id));
  confirm((item) => {
    if (item.conversation_id !== id) return false;
    return shown.has(item.client_id) || (item.sent_seq !== null && item.sent_seq <= entry.conversation.last_seq);
  });
}

/** A text of mine that got its place: it can be taken back for a moment, and is if somebody did so on its way. */
function noteMine(message: Message) {
  noteWaiting(message);
  if (message.delivery?.state !== "queued" || !wasTakenBack(message.client_id)) return;
  // Too late is told by the message itself, which then goes on its way.
  cancelMessage(message.conversation_id, message.seq).catch(() => undefined);
}

async function sendUnsent(item: Unsent): Promise<Message> {
  const { conversation_id, client_id, body } = item;
  if (item.user_id !== getMe()?.id) throw new NoAnswer();
  const draft = {
    ...{ client_id, body },
    ...(item.reply_to_seq !== null && { reply_to_seq: item.reply_to_seq }),
    ...(item.kind === "note" && { note: true }),
    ...(item.kind === "text" && { due_in_ms: UNDO_MS }),
    ...(item.max_price_micros != null && { max_price_micros: item.max_price_micros }),
  };
  const frame = { type: "message.send", conversation_id, ...draft } as const;
  const message = socket?.carries(frame)
    ? ((await socket.request(frame)).message as Message)
    : await sendMessage(conversation_id, draft);
  noteMine(message);
  return message;
}
