// Texts that can still be taken back: only what was written in this tab, for as long as the server holds it.
import { createStore, useStore } from "zustand";
import type { Message } from "../api/types";

/** How long a text waits before it leaves. */
export const UNDO_MS = 5000;

const store = createStore<{ until: Record<string, number> }>(() => ({ until: {} }));
const written = new Set<string>();
const takenBack = new Set<string>();

export const noteWritten = (clientId: string) => void written.add(clientId);
export const noteTakenBack = (clientId: string) => void takenBack.add(clientId);
export const wasTakenBack = (clientId: string | null) => clientId !== null && takenBack.has(clientId);

/** The server has it. How long it holds it is told by its own clock, which may not agree with the one here. */
export function noteWaiting({ client_id, created_at, delivery }: Message) {
  if (!client_id || !delivery?.due_at || !written.delete(client_id)) return;
  const held = Math.min(UNDO_MS, Date.parse(delivery.due_at) - Date.parse(created_at));
  store.setState(({ until }) => ({ until: { ...until, [client_id]: Date.now() + held } }));
}

/** Until when this message can be taken back here; 0 for what was not written here. */
export const useUndoUntil = (clientId: string | null) => useStore(store, ({ until }) => until[clientId ?? ""] ?? 0);
