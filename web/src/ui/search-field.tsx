import { Search } from "lucide-react";
import { cx } from "../lib/cx";
import { inputLook } from "./field";

type Props = Omit<React.ComponentProps<"input">, "onChange" | "type" | "value"> & {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Of the frame: how wide it is, and where it stands. */
  frame?: string;
};

/** A field that finds something in the list below it while one types. */
export function SearchField({ label, value, onChange, frame, className, ...rest }: Props) {
  return (
    <div className={cx("relative", frame)}>
      <Search
        size={16}
        aria-hidden
        className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted"
      />
      <input
        {...rest}
        type="search"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-label={label}
        className={cx(inputLook, "h-9 ps-9 text-sm touch:h-11 touch:text-base", className)}
      />
    </div>
  );
}
