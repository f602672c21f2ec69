import type { ReactNode } from "react";

/** A word about something, beside its name. */
export function Mark({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex shrink-0 items-center rounded-full border border-line bg-surface px-1.5 text-2xs font-medium whitespace-nowrap text-muted">
      {children}
    </span>
  );
}
