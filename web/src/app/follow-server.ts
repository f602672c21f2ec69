// A tab can be older than the server: the pieces that it still wants to load are gone there.
const KEY = "convo.reloaded-at";
const REST_MS = 60_000;

/** Loads the page of today once. What was being written is kept on the device; without a network, nothing happens. */
export function followServer() {
  window.addEventListener("vite:preloadError", async () => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < REST_MS) return;
    const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    location.reload();
  });
}
