// Lists that stay in this browser: what somebody did, saw or said no to.
import { createStore, useStore } from "zustand";

/** One list under one key. Where nothing can be stored, it holds until the page is closed. */
export function notedList(key: string) {
  const store = createStore(() => ({ noted: read(key) }));
  return {
    useNoted: () => useStore(store, (state) => state.noted),
    note(what: string) {
      // Read anew: another tab may have noted something else.
      const noted = [...new Set([...store.getState().noted, ...read(key), what])];
      store.setState({ noted });
      try {
        localStorage.setItem(key, JSON.stringify(noted));
      } catch {
        // It then holds until the page is closed.
      }
    },
  };
}

function read(key: string): string[] {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(noted) ? noted : [];
  } catch {
    return [];
  }
}
