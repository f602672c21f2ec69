import { lazy, Suspense } from "react";

export type EmojiPopoverProps = {
  anchor: HTMLElement;
  /** Begins with the usual few instead of all. */
  quick?: boolean;
  onPick: (emoji: string) => void;
  onClose: () => void;
};

const Base = lazy(() => import("./emoji-popover-base"));

export function EmojiPopover(props: EmojiPopoverProps) {
  return (
    <Suspense>
      <Base {...props} />
    </Suspense>
  );
}
