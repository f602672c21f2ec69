// A tab can be older than the server: the pieces that it still wants to load are gone there.
const KEY = "convo.reloaded-at";
/** While nodes are replaced one by one, each may answer with another build. */
const REST_MS = 60_000;

/**
 * Loads the page of today once, if that is another one. What was being written is kept on the device; where a piece is
 * missing because the server is away or stopping, nothing happens.
 */
export function followServer() {
  // The file that the page begins with; each build has another.
  const ours = document.querySelector('script[type="module"]')?.getAttribute("src");
  window.addEventListener("vite:preloadError", async () => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < REST_MS) return;
    const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
    if (!answer?.ok || !ours || (await answer.text()).includes(ours)) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    location.reload();
  });
}
