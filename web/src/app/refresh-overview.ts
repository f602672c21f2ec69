import type { QueryClient } from "@tanstack/react-query";

/** However much happens, the overview is asked for again so often at most, and only while somebody looks at it. */
const AT_MOST_EVERY_MS = 3_000;

let waiting = false;

export function refreshOverview(client: QueryClient) {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    for (const key of ["dashboard", "activity"]) client.invalidateQueries({ queryKey: [key] });
  }, AT_MOST_EVERY_MS);
}
