import { CSPProvider } from "@base-ui/react/csp-provider";
import { Menu as Base } from "@base-ui/react/menu";
import { cx } from "../lib/cx";
import type { MenuProps } from "./menu";

export default function MenuBase({ anchor, label, items, onClose, side = "bottom", align = "end", header }: MenuProps) {
  return (
    <CSPProvider disableStyleElements>
      <Base.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
        <Base.Portal>
          <Base.Positioner
            anchor={anchor}
            side={side}
            align={align}
            sideOffset={4}
            collisionPadding={8}
            className="z-40"
          >
            <Base.Popup
              aria-label={label}
              finalFocus={() => anchor}
              className="layer-in min-w-44 max-w-72 rounded-card border border-line bg-raised p-1 text-sm shadow-float outline-none"
            >
              {header}
              {items.map((item) => (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled}
                  aria-keyshortcuts={item.keys}
                  onClick={item.run}
                  className={cx(
                    "flex min-h-9 cursor-default items-center gap-2.5 rounded-control px-2.5 outline-none select-none touch:min-h-11",
                    "data-highlighted:bg-hover data-disabled:opacity-50",
                    item.danger && "text-danger",
                  )}
                >
                  {item.icon && <item.icon size={16} aria-hidden className={item.danger ? "" : "text-muted"} />}
                  <span className="grow">{item.label}</span>
                  {item.keys && (
                    <kbd aria-hidden className="font-mono text-xs text-muted touch:hidden">
                      {item.keys}
                    </kbd>
                  )}
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}
