import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "../lib/cx";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:brightness-110 dark:hover:brightness-105",
  secondary: "border border-control bg-surface text-ink hover:bg-hover",
  ghost: "text-ink hover:bg-hover",
  quiet: "text-accent hover:bg-hover",
  danger: "border border-danger text-danger hover:bg-danger/10",
} as const;

type Props = ComponentProps<"button"> & {
  look?: keyof typeof LOOKS;
  busy?: boolean;
  icon?: ReactNode;
  wide?: boolean;
};

export function Button({ look = "secondary", busy, icon, wide, className, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex min-h-9 items-center justify-center gap-2 rounded-control px-3.5 text-sm font-medium transition touch:min-h-11",
        "disabled:opacity-55",
        LOOKS[look],
        wide && "w-full",
        className,
      )}
    >
      {busy ? <LoaderCircle size={16} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

type IconProps = Omit<ComponentProps<"button">, "aria-label"> & {
  label: string;
  pressed?: boolean;
  size?: "sm" | "md";
};

/** A button that is only a picture; its words are heard and shown on hover. */
export function IconButton({ label, pressed, size = "md", className, title, ...rest }: IconProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={title ?? label}
      aria-pressed={pressed}
      className={cx(
        "inline-flex shrink-0 items-center justify-center rounded-control text-muted transition hover:bg-hover hover:text-ink touch:size-11",
        "disabled:opacity-40 aria-pressed:bg-selected aria-pressed:text-accent",
        size === "md" ? "size-9" : "size-7",
        className,
      )}
    />
  );
}
