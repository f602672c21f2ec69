import type { LucideIcon } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { IconButton } from "./button";

export type PopoverProps = { anchor: HTMLElement; label: string; onClose: () => void; children: ReactNode };

const Base = lazy(() => import("./popover-base"));

type ButtonProps = {
  label: string;
  icon: LucideIcon;
  size?: "sm" | "md";
  children: (close: () => void) => ReactNode;
};

/** A button with a small form beside it. Focus goes in and returns. */
export function PopoverButton({ label, icon: Icon, size, children }: ButtonProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton
        ref={ref}
        label={label}
        size={size}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon size={18} aria-hidden />
      </IconButton>
      {open && ref.current && (
        <Suspense>
          <Base anchor={ref.current} label={label} onClose={close}>
            {children(close)}
          </Base>
        </Suspense>
      )}
    </>
  );
}
