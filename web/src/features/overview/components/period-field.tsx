import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { cx } from "../../../lib/cx";
import { PERIODS, type Period } from "../figures";

/** Of the figures and the charts. */
export function PeriodField({ period }: { period: Period }) {
  const names: Record<Period, string> = { 1: i18n.t("Today"), 7: i18n.t("7 days"), 30: i18n.t("30 days") };
  return (
    <nav
      aria-label={i18n.t("Time of figures and charts")}
      className="flex rounded-control border border-line bg-surface p-0.5"
    >
      {PERIODS.map((each) => (
        <Link
          key={each}
          to="/dashboard"
          search={each === 7 ? {} : { days: each }}
          replace
          aria-current={each === period ? "true" : undefined}
          className={cx(
            "inline-flex min-h-8 items-center rounded-control px-3 text-sm font-medium whitespace-nowrap touch:min-h-11",
            each === period ? "bg-selected text-accent" : "text-muted hover:text-ink",
          )}
        >
          {names[each]}
        </Link>
      ))}
    </nav>
  );
}
