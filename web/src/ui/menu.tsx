import type { LucideIcon } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { IconButton } from "./button";

export type MenuItem = {
  label: string;
  icon?: LucideIcon;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
};

export type MenuProps = {
  anchor: HTMLElement;
  label: string;
  items: MenuItem[];
  onClose: () => void;
  side?: "top" | "bottom" | "left" | "right" | "inline-end";
  align?: "start" | "center" | "end";
  header?: ReactNode;
};

const load = () => import("./menu-base");
const Base = lazy(load);
/** Fetches it before somebody needs it; without a network, when they do. */
export const preloadMenu = () => void load().catch(() => undefined);

/** A menu beside an element. Shown as long as it is rendered. */
export function Menu(props: MenuProps) {
  return (
    <Suspense>
      <Base {...props} />
    </Suspense>
  );
}

type ButtonProps = {
  label: string;
  icon: LucideIcon;
  items: MenuItem[];
  size?: "sm" | "md";
  className?: string;
  side?: MenuProps["side"];
  align?: MenuProps["align"];
};

export function MenuButton({ label, icon: Icon, items, size, className, side, align }: ButtonProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={ref}
        label={label}
        size={size}
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={preloadMenu}
        onClick={() => setOpen(!open)}
      >
        <Icon size={18} aria-hidden />
      </IconButton>
      {open && ref.current && (
        <Menu
          anchor={ref.current}
          label={label}
          items={items}
          side={side}
          align={align}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
