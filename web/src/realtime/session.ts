// Who is signed in here. The access token lives in memory only; the refresh token is a cookie no script can read.
// One tab renews at a time, and tells the others.
import { createStore, useStore } from "zustand";
import { logout, refresh } from "../api/calls";
import { setCredentials } from "../api/client";
import { isStatus, isTemporary } from "../api/errors";
import type { Me, Session } from "../api/types";

type SessionState = {
  status: "starting" | "out" | "in" | "unreachable";
  me: Me | null;
  /** Who was signed in last in this tab. */
  before: string | null;
  /** Why the last session ended, in the words of the protocol. */
  endedBy: string | null;
};

type Message = { type: "session"; session: Session; expiresAt: number } | { type: "out"; reason: string | null };

const store = createStore<SessionState>(() => ({ status: "starting", me: null, before: null, endedBy: null }));
let token: { value: string; expiresAt: number; sessionId: string } | null = null;

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("convo.session");
const SOON_MS = 15_000;
const LEAVE_AGAIN_MS = 10_000;

/** What stays on this device between visits. */
const stored = (key: string, withoutStorage: string | null) => ({
  get: () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return withoutStorage;
    }
  },
  set: (value: string | null) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Storage is switched off.
    }
  },
});

/** A hint that asking for a session is worth it: without it, a first visit would begin with a refused request. */
const hint = stored("convo.signed-in", "1");
/** The session that was left while the server could not hear of it. */
const left = stored("convo.left-session", null);
/** Sessions that ended in this tab: news of them that was on its way signs nobody in again. */
const ended = new Set<string>();
const isOver = (id: string) => ended.has(id) || left.get() === id;

function take(session: Session, expiresAt: number) {
  const { me } = store.getState();
  if (me && me.id !== session.user.id) {
    // Another account signed in from another tab: nothing of the first may stay on this screen.
    location.replace("/");
    return;
  }
  token = { value: session.access_token, expiresAt, sessionId: session.session_id };
  store.setState({ status: "in", me: session.user, before: session.user.id, endedBy: null });
}

/** Takes over a session that the server has just given. */
export function adoptSession(session: Session) {
  const expiresAt = Date.now() + session.expires_in_secs * 1000;
  take(session, expiresAt);
  hint.set("1");
  channel?.postMessage({ type: "session", session, expiresAt } satisfies Message);
}

function leave(reason: string | null) {
  if (token) ended.add(token.sessionId);
  token = null;
  hint.set(null);
  store.setState({ status: "out", me: null, endedBy: reason });
}

export function endSessionHere(reason: string | null) {
  leave(reason);
  channel?.postMessage({ type: "out", reason } satisfies Message);
}

async function underLock<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work();
  return navigator.locks.request("convo.refresh", work);
}

let renewing: Promise<string | null> | null = null;

/** Brings a token other than the refused one, or null when the session is over. Throws when nobody answers. */
export function renewToken(refused: string | null): Promise<string | null> {
  renewing ??= underLock(() => renewNow(refused)).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewNow(refused: string | null): Promise<string | null> {
  if (token && token.value !== refused && token.expiresAt - Date.now() > SOON_MS) return token.value;
  const before = token?.sessionId;
  let session: Session;
  try {
    session = await refresh();
  } catch (error) {
    if (!isStatus(error, 401) && !isStatus(error, 403)) throw error;
    // Whoever left or signed in meanwhile has nothing to do with this refusal.
    if (token?.sessionId === before) endSessionHere(store.getState().status === "in" ? "expired" : null);
    return null;
  }
  if (isOver(session.session_id)) {
    await endOnServer(session);
    return null;
  }
  adoptSession(session);
  return session.access_token;
}

/** Somebody signed out while this session was being renewed: it is ended, and not taken up again. */
async function endOnServer(session: Session) {
  left.set(session.session_id);
  if (token?.sessionId === session.session_id) endSessionHere(null);
  if (store.getState().status !== "in") store.setState({ status: "out" });
  try {
    await logout(session.access_token);
    left.set(null);
  } catch (error) {
    if (isPassing(error)) leaveLater();
    else left.set(null);
  }
}

/** A token that is good for a while, for opening a socket. */
export async function freshToken(): Promise<string | null> {
  if (token && token.expiresAt - Date.now() > SOON_MS) return token.value;
  return renewToken(token?.value ?? null);
}

export async function startSession() {
  setCredentials({ person: () => getMe()?.id ?? null, token: () => token?.value ?? null, renew: renewToken });
  channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.type === "session") {
      if (!isOver(data.session.session_id)) take(data.session, data.expiresAt);
    } else if (store.getState().status === "in") leave(data.reason);
  });
  window.addEventListener("online", () => void finishLeaving());
  if (hint.get()) return retryStart();
  store.setState({ status: "out" });
  void finishLeaving();
}

export async function retryStart() {
  try {
    await renewToken(null);
  } catch {
    store.setState({ status: "unreachable" });
  }
}

/** Leaves at once. A server that cannot hear of it now is told as soon as it answers. */
export async function signOut() {
  const sessionId = token?.sessionId ?? null;
  const heard = await logout().then(
    () => true,
    (error) => !isPassing(error),
  );
  if (!heard) left.set(sessionId);
  endSessionHere(heard ? null : "left_unheard");
  if (!heard) leaveLater();
}

/** A session that the server does not know any more is over: nothing is left to try again. */
const isPassing = (error: unknown) => isTemporary(error) && !isStatus(error, 401);

let leaveTimer = 0;
let leaving: Promise<void> | null = null;

function leaveLater() {
  clearTimeout(leaveTimer);
  leaveTimer = window.setTimeout(finishLeaving, LEAVE_AGAIN_MS);
}

/**
 * Ends the session that was left without a network. Whoever signs in waits for it, and fails when it does: the cookie
 * of the new session would take the place of the only one that can still end the old.
 */
export function leaveFirst(): Promise<void> {
  clearTimeout(leaveTimer);
  leaving ??= underLock(endLeft)
    .catch((error) => {
      if (!isPassing(error)) return left.set(null);
      leaveLater();
      throw error;
    })
    .finally(() => {
      leaving = null;
    });
  return leaving;
}

/** The same without anybody waiting: it is tried again until it works. */
export const finishLeaving = () => leaveFirst().catch(() => undefined);

async function endLeft() {
  const sessionId = left.get();
  if (!sessionId || store.getState().status === "in") return;
  const session = await refresh();
  // Another one would be of somebody who signed in since.
  if (session.session_id === sessionId) await logout(session.access_token);
  left.set(null);
}

export function setMe(me: Me) {
  if (store.getState().me?.id === me.id) store.setState({ me });
}

/** To be asked after an answer: whether the person who asked is still the one who is signed in. */
export function samePerson(): () => boolean {
  const asking = getMe()?.id;
  return () => getMe()?.id === asking;
}

export const getMe = () => store.getState().me;
export const sessionStatus = () => store.getState().status;
export const onSessionChange = store.subscribe;

export function useSession<T>(select: (state: SessionState) => T): T {
  return useStore(store, select);
}

/** For screens behind the sign-in only. */
export function useMe(): Me {
  const me = useStore(store, (state) => state.me);
  if (!me) throw new Error("nobody is signed in");
  return me;
}
