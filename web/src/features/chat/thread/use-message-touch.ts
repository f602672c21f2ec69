import { type PointerEvent, useRef } from "react";

export type MessageCommand =
  | "menu"
  | "react"
  | "reply"
  | "edit"
  | "again"
  | "copy"
  | "link"
  | "history"
  | "readers"
  | "delete"
  | "close-menu"
  | "close";

const PRESS_MS = 450;
const MOVED_PX = 10;
const SWIPE_PX = 56;

/** By touch: a long press opens the menu, a swipe towards the end replies. */
export function useLongPress(onPress: () => void, onSwipe: () => void) {
  const start = useRef<{ x: number; y: number; timer: number } | null>(null);
  const stop = (event: PointerEvent<HTMLElement>) => {
    if (start.current) clearTimeout(start.current.timer);
    start.current = null;
    event.currentTarget.style.transform = "";
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== "touch") return;
      start.current = { x: event.clientX, y: event.clientY, timer: window.setTimeout(onPress, PRESS_MS) };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (!from) return;
      const forward = document.dir === "rtl" ? -1 : 1;
      const across = (event.clientX - from.x) * forward;
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVED_PX) clearTimeout(from.timer);
      event.currentTarget.style.transform =
        across > MOVED_PX ? `translateX(${Math.min(across, SWIPE_PX) * forward}px)` : "";
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      const forward = document.dir === "rtl" ? -1 : 1;
      if (from && (event.clientX - from.x) * forward >= SWIPE_PX) onSwipe();
      stop(event);
    },
    onPointerCancel: stop,
    onContextMenu: (event: React.MouseEvent) => {
      if (start.current) event.preventDefault();
    },
  };
}
