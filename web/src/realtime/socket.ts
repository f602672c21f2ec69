// One WebSocket: connects, authenticates, answers silence and closing. Knows frames, never what they mean.

import { ApiError, NoAnswer } from "../api/errors";
import type { ClientFrame, Hello, ServerEvent, ServerFrame } from "../api/events";
import type { Heads, Message } from "../api/types";

export type Answer = { message?: Message; repeated?: boolean } & Partial<Heads>;

type Options = {
  address: () => string;
  token: () => Promise<string | null>;
  /** The server refused the token or ended the session: true if a new token could be had. */
  renew: () => Promise<boolean>;
  onHello: (hello: Hello) => void;
  onEvent: (event: ServerEvent) => void;
  onOpen: (open: boolean) => void;
  onEnded: (reason: string) => void;
};

export type Socket = {
  start: () => void;
  stop: () => void;
  /** Now instead of after the waiting time: the network came back, or somebody looks. */
  hurry: () => void;
  /** The device says that the network is gone. */
  lost: () => void;
  isOpen: () => boolean;
  /** Open, and the frame is not larger than the server takes: it would end the connection, again and again. */
  carries: (frame: ClientFrame) => boolean;
  request: (frame: ClientFrame) => Promise<Answer>;
  send: (frame: ClientFrame) => void;
};

const MAX_FRAME_BYTES = 64 * 1024;
/** Room for the `ref`. */
const REF_BYTES = 100;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const ANSWER_MS = 15_000;
const HELLO_MS = 10_000;

export const CLOSE = { sessionEnded: 4001, restart: 1012, behind: 4013 } as const;

/** Full jitter: any time up to the limit, so that a thousand clients do not come back together. */
export function retryDelay(attempt: number, random = Math.random): number {
  return random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
}

export const fitsFrame = (frame: ClientFrame) =>
  new TextEncoder().encode(JSON.stringify(frame)).length + REF_BYTES <= MAX_FRAME_BYTES;

type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void; timer: number };

export function createSocket(options: Options): Socket {
  let socket: WebSocket | null = null;
  let open = false;
  let stopped = true;
  let attempt = 0;
  let connecting = false;
  let retryTimer = 0;
  let pingTimer = 0;
  let restartAfterMs: number | null = null;
  let endedReason: string | null = null;
  let lastRef = 0;
  const waiting = new Map<string, Waiting>();

  function setOpen(next: boolean) {
    if (open === next) return;
    open = next;
    options.onOpen(next);
  }

  function failWaiting() {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new NoAnswer());
    }
    waiting.clear();
  }

  function later(ms: number) {
    clearTimeout(retryTimer);
    if (!stopped) retryTimer = window.setTimeout(connect, ms);
  }

  async function connect() {
    if (stopped || connecting || socket) return;
    connecting = true;
    let token: string | null = null;
    try {
      token = await options.token();
    } catch {
      connecting = false;
      return later(retryDelay(attempt++));
    }
    connecting = false;
    if (!token || stopped) return;
    const current = new WebSocket(options.address());
    socket = current;
    const tooSlow = window.setTimeout(() => current.close(), HELLO_MS);
    current.onopen = () => current.send(JSON.stringify({ type: "auth", token }));
    current.onmessage = ({ data }) => {
      if (socket !== current) return;
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type === "hello") clearTimeout(tooSlow);
      receive(frame);
    };
    current.onclose = ({ code }) => {
      clearTimeout(tooSlow);
      if (socket === current) closed(code);
    };
  }

  function receive(frame: ServerFrame) {
    switch (frame.type) {
      case "hello":
        attempt = 0;
        restartAfterMs = null;
        endedReason = null;
        setOpen(true);
        watch(frame.ping_secs * 1000);
        options.onHello(frame);
        break;
      case "ok":
      case "error": {
        const asked = waiting.get(String(frame.ref));
        if (!asked) break;
        waiting.delete(String(frame.ref));
        clearTimeout(asked.timer);
        if (frame.type === "ok") asked.resolve(frame);
        else asked.reject(new ApiError(frame.problem));
        break;
      }
      case "reconnect":
        restartAfterMs = frame.after_ms;
        break;
      case "session.ended":
        endedReason = frame.reason;
        break;
      default:
        options.onEvent(frame);
    }
  }

  /** A browser does not show the server's pings, so silence is only found by asking. */
  function watch(everyMs: number) {
    clearInterval(pingTimer);
    pingTimer = window.setInterval(() => {
      request({ type: "ping" }).catch(() => drop());
    }, everyMs);
  }

  /** Gives up on a connection that no longer answers, without waiting for its closing handshake. */
  function drop() {
    const current = socket;
    if (!current) return;
    closed(1006);
    current.close();
  }

  async function closed(code: number) {
    socket = null;
    clearInterval(pingTimer);
    setOpen(false);
    failWaiting();
    if (stopped) return;
    if (code === CLOSE.sessionEnded) {
      const renewed = await options.renew().catch(() => true);
      if (!renewed) return options.onEnded(endedReason ?? "expired");
      return later(retryDelay(attempt++));
    }
    if (code === CLOSE.behind) return later(0);
    if (code === CLOSE.restart && restartAfterMs !== null) return later(restartAfterMs);
    later(retryDelay(attempt++));
  }

  function request(frame: ClientFrame): Promise<Answer> {
    if (!open || !socket) return Promise.reject(new NoAnswer());
    const ref = String(++lastRef);
    const current = socket;
    return new Promise<Answer>((resolve, reject) => {
      const timer = window.setTimeout(() => {
        waiting.delete(ref);
        reject(new NoAnswer());
      }, ANSWER_MS);
      waiting.set(ref, { resolve, reject, timer });
      current.send(JSON.stringify({ ...frame, ref }));
    });
  }

  return {
    start: () => {
      stopped = false;
      connect();
    },
    stop: () => {
      stopped = true;
      clearTimeout(retryTimer);
      clearInterval(pingTimer);
      const current = socket;
      socket = null;
      setOpen(false);
      failWaiting();
      current?.close(1000);
    },
    hurry: () => {
      if (stopped) return;
      if (socket) {
        if (open) request({ type: "ping" }).catch(() => drop());
        return;
      }
      attempt = 0;
      later(0);
    },
    lost: drop,
    isOpen: () => open,
    carries: (frame) => open && fitsFrame(frame),
    request,
    send: (frame) => {
      if (open && socket) socket.send(JSON.stringify(frame));
    },
  };
}
