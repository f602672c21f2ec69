import { useId } from "react";
import { cx } from "../lib/cx";

type Props = {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  /** For a column whose head says what it switches. */
  hideLabel?: boolean;
  onChange: (checked: boolean) => void;
};

export function Switch({ label, hint, checked, disabled, hideLabel, onChange }: Props) {
  const id = useId();
  return (
    <div className={cx("flex items-center justify-between gap-4", !hideLabel && "py-2")}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "min-w-0 grow"}>
        <span className="block text-sm font-medium">{label}</span>
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="relative h-6 w-10 shrink-0 cursor-pointer appearance-none rounded-full border border-control bg-canvas transition-colors before:absolute before:start-0.5 before:top-1/2 before:size-4.5 before:-translate-y-1/2 before:rounded-full before:bg-control before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent rtl:checked:before:-translate-x-4 disabled:opacity-50"
      />
    </div>
  );
}
