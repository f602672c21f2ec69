import { i18n } from "@lingui/core";
import type { Dashboard } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatMoney } from "../../../lib/money";
import { Card } from "../../../ui/section-layout";

const NEAR = 0.8;

/** How much of what one may have is taken, as bars. */
export function Limits({ data: { limits, currency } }: { data: Dashboard }) {
  const count = (value: number) => new Intl.NumberFormat(i18n.locale || "en").format(value);
  return (
    <Card>
      <h3 className="mb-3 font-semibold">{i18n.t("Limits")}</h3>
      <ul className="grid gap-4 md:grid-cols-2">
        {limits.map(({ name, used, max }) => {
          const shown = name === "credit" ? (value: number) => formatMoney(value, currency) : count;
          const label = name === "credit" ? i18n.t("Credit") : i18n.t("Numbers of your own");
          const share = max > 0 ? Math.min(1, used / max) : 0;
          return (
            <li key={`${name} ${max} ${used}`}>
              <p className="tabular mb-1.5 flex justify-between gap-3 text-sm">
                <span>{label}</span>
                <span className={share >= NEAR ? "text-warn" : "text-muted"}>
                  {i18n.t("{used} of {max}", { used: shown(used), max: shown(max) })}
                </span>
              </p>
              <progress
                max={1}
                value={share}
                aria-label={label}
                className={cx(
                  "block h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-webkit-progress-bar]:bg-transparent",
                  share >= NEAR
                    ? "[&::-moz-progress-bar]:bg-warn [&::-webkit-progress-value]:bg-warn"
                    : "[&::-moz-progress-bar]:bg-accent [&::-webkit-progress-value]:bg-accent",
                )}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
