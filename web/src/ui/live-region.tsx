import { createStore, useStore } from "zustand";

const store = createStore<{ text: string }>(() => ({ text: "" }));
const QUIET_MS = 3000;
let lastAt = 0;
let timer = 0;

/** Says something to screen readers, politely: one line in three seconds, the newest wins. */
export function announce(text: string) {
  clearTimeout(timer);
  const wait = Math.max(0, lastAt + QUIET_MS - Date.now());
  timer = window.setTimeout(() => {
    lastAt = Date.now();
    store.setState({ text });
  }, wait);
}

export function LiveRegion() {
  const text = useStore(store, (state) => state.text);
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
