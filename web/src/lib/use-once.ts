import { useRef } from "react";

/** Begins nothing anew while it runs, even for two presses before the screen has changed. */
export function useOnce() {
  const isRunning = useRef(false);
  return async (work: () => Promise<unknown>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    await work().catch(() => undefined);
    isRunning.current = false;
  };
}
