import { i18n } from "@lingui/core";
import { type KeyboardEvent, type PointerEvent, useState } from "react";

const KEY = "convo.list-width";
const MIN = 260;
const MAX = 460;
const NORMAL = 320;
const STEP = 16;

const clamp = (width: number) => Math.min(MAX, Math.max(MIN, width));

export function useListWidth() {
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(KEY)) || NORMAL));
  const change = (next: number) => {
    setWidth(clamp(next));
    localStorage.setItem(KEY, String(clamp(next)));
  };
  return [width, change] as const;
}

type Props = { width: number; onChange: (width: number) => void };

/** The edge of the list: drag it, or move it with the arrow keys. */
export function ListEdge({ width, onChange }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) onChange(width + STEP);
    else if (event.key === back) onChange(width - STEP);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (box) onChange(document.dir === "rtl" ? box.right - event.clientX : event.clientX - box.left);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved has no element of its own
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={i18n.t("Width of the list")}
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onChange(NORMAL)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      className="absolute inset-y-0 -end-1.5 z-10 hidden w-3 cursor-col-resize touch-none after:absolute after:inset-y-0 after:start-1 after:w-0.5 after:bg-transparent after:transition-colors hover:after:bg-accent/50 active:after:bg-accent md:block"
    />
  );
}
