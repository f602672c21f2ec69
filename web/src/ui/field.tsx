import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "../lib/cx";

export const inputLook =
  "w-full min-w-0 rounded-control border border-control bg-surface px-3 text-base text-ink transition-colors hover:border-muted focus:border-info focus:outline-2 focus:outline-offset-0 focus:outline-info aria-invalid:border-danger disabled:opacity-60";

type Shared = { label: string; hint?: ReactNode; error?: string | null; end?: ReactNode; hideLabel?: boolean };

function Frame({ id, label, hint, error, hideLabel, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      {children}
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm text-danger">
          <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, { hint, error }: Shared) {
  return cx(hint ? `${id}-hint` : null, error ? `${id}-error` : null) || undefined;
}

type Props = ComponentProps<"input"> & Shared;

export function Field({ label, hint, error, end, hideLabel, className, ...rest }: Props) {
  const id = useId();
  const shared = { label, hint, error, hideLabel };
  return (
    <Frame id={id} {...shared}>
      <div className="relative flex">
        <input
          id={id}
          {...rest}
          aria-invalid={error ? true : rest["aria-invalid"]}
          aria-describedby={describedBy(id, shared)}
          className={cx(inputLook, "h-10 touch:h-11", end && "pe-11", className)}
        />
        {end && <div className="absolute inset-y-0 end-1 flex items-center">{end}</div>}
      </div>
    </Frame>
  );
}

type AreaProps = ComponentProps<"textarea"> & Shared;

export function TextArea({ label, hint, error, hideLabel, className, ...rest }: AreaProps) {
  const id = useId();
  const shared = { label, hint, error, hideLabel };
  return (
    <Frame id={id} {...shared}>
      <textarea
        id={id}
        rows={3}
        {...rest}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, shared)}
        className={cx(inputLook, "resize-y py-2", className)}
      />
    </Frame>
  );
}

type SelectProps = ComponentProps<"select"> & Shared;

export function Select({ label, hint, error, hideLabel, className, ...rest }: SelectProps) {
  const id = useId();
  const shared = { label, hint, error, hideLabel };
  return (
    <Frame id={id} {...shared}>
      <select
        id={id}
        {...rest}
        aria-describedby={describedBy(id, shared)}
        className={cx(inputLook, "h-10 touch:h-11", className)}
      />
    </Frame>
  );
}
