import { CSPProvider } from "@base-ui/react/csp-provider";
import { Popover } from "@base-ui/react/popover";
import { i18n } from "@lingui/core";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "./button";
import type { EmojiPopoverProps } from "./emoji-popover";

const Picker = lazy(() => import("./emoji-picker"));
const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

export default function EmojiPopoverBase({ anchor, quick, onPick, onClose }: EmojiPopoverProps) {
  const [all, setAll] = useState(!quick);
  return (
    <CSPProvider disableStyleElements>
      <Popover.Root open onOpenChange={(open) => !open && onClose()}>
        <Popover.Portal>
          <Popover.Positioner
            anchor={anchor}
            side="top"
            align="center"
            sideOffset={6}
            collisionPadding={8}
            className="z-40"
          >
            <Popover.Popup
              aria-label={i18n.t("Choose an emoji")}
              finalFocus={() => anchor}
              className="layer-in rounded-card border border-line bg-raised p-1 shadow-float outline-none"
            >
              {all ? (
                <Suspense fallback={<div className="h-84 w-80" />}>
                  <Picker onPick={onPick} />
                </Suspense>
              ) : (
                <div className="flex items-center">
                  {QUICK.map((emoji) => (
                    <button
                      key={emoji}
                      type="button"
                      aria-label={i18n.t("React with {emoji}", { emoji })}
                      onClick={() => onPick(emoji)}
                      className="size-10 rounded-control text-xl transition-transform hover:scale-115 hover:bg-hover touch:size-11"
                    >
                      {emoji}
                    </button>
                  ))}
                  <IconButton label={i18n.t("All emoji")} onClick={() => setAll(true)}>
                    <Plus size={18} aria-hidden />
                  </IconButton>
                </div>
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </CSPProvider>
  );
}
