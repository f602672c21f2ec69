import { CSPProvider } from "@base-ui/react/csp-provider";
import { Popover } from "@base-ui/react/popover";
import type { PopoverProps } from "./popover";

export default function PopoverBase({ anchor, label, onClose, children }: PopoverProps) {
  return (
    <CSPProvider disableStyleElements>
      <Popover.Root open onOpenChange={(open) => !open && onClose()}>
        <Popover.Portal>
          <Popover.Positioner
            anchor={anchor}
            side="bottom"
            align="end"
            sideOffset={4}
            collisionPadding={8}
            className="z-40"
          >
            <Popover.Popup
              aria-label={label}
              finalFocus={() => anchor}
              className="layer-in w-72 max-w-[calc(100vw-1rem)] rounded-card border border-line bg-raised p-4 shadow-float outline-none"
            >
              {children}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </CSPProvider>
  );
}
