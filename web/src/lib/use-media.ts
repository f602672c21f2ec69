import { useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

export const useNarrow = () => useMedia("(max-width: 767.98px)");
export const useWide = () => useMedia("(min-width: 1200px)");
export const useTouch = () => useMedia("(hover: none)");
