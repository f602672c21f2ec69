import { i18n } from "@lingui/core";
import { cx } from "../../../lib/cx";

const WIDTHS = ["w-56", "w-72", "w-40", "w-64", "w-48", "w-80"];

/** Bubbles to come. */
export function BubbleSkeleton() {
  return (
    <div role="status" aria-label={i18n.t("Loading")} className="flex min-h-0 grow flex-col justify-end gap-2 p-6">
      {WIDTHS.map((width, index) => (
        <div
          key={width}
          className={cx("skeleton h-10 max-w-full rounded-bubble", width, index % 3 === 1 && "self-end")}
        />
      ))}
    </div>
  );
}

export function ThreadSkeleton() {
  return (
    <main className="flex min-w-0 grow flex-col bg-canvas">
      <div className="flex h-14 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <div className="skeleton size-9 rounded-full" />
        <div className="skeleton h-4 w-40" />
      </div>
      <BubbleSkeleton />
    </main>
  );
}
