import { i18n } from "@lingui/core";
import type { Dashboard, WalletMode } from "../../../api/types";
import { formatPercent } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { type Period, shareOf, sumsOf } from "../figures";

type Props = { data: Dashboard; period: Period; mode: WalletMode };

export function Figures({ data, period, mode }: Props) {
  const { now, before } = sumsOf(data, period, mode);
  const money = (micros: number) => formatMoney(Math.round(micros / 10_000) * 10_000, data.currency);
  const count = (value: number) => new Intl.NumberFormat(i18n.locale || "en").format(value);
  const share = shareOf(now.delivered, now.sent);
  const shareBefore = before && shareOf(before.delivered, before.sent);
  const versus = (text: string) =>
    period === 1
      ? i18n.t("yesterday {value}", { value: text })
      : i18n.t("{count} days before: {value}", { value: text, count: period });
  const figures = [
    {
      name: i18n.t("Texts sent"),
      value: count(now.sent),
      trend: before && versus(count(before.sent)),
    },
    {
      name: i18n.t("Texts received"),
      value: count(now.received),
      trend: before && versus(count(before.received)),
    },
    {
      name: i18n.t("Delivered"),
      value: share === null ? "–" : formatPercent(share),
      trend:
        now.failed > 0
          ? i18n.t("{count, plural, one {# failed} other {# failed}}", { count: now.failed })
          : typeof shareBefore === "number" && versus(formatPercent(shareBefore)),
    },
    {
      name: mode === "test" ? i18n.t("Cost, test money") : i18n.t("Cost"),
      value: money(now.cost),
      trend: before && versus(money(before.cost)),
    },
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 xl:grid-cols-4">
      {figures.map(({ name, value, trend }) => (
        <div key={name} className="min-w-0 rounded-card border border-line bg-surface p-4">
          <dt className="truncate text-sm text-muted">{name}</dt>
          <dd className="tabular mt-1 truncate text-2xl font-semibold tracking-tight">{value}</dd>
          <dd className="tabular min-h-4.5 truncate text-xs text-muted">{trend || " "}</dd>
        </div>
      ))}
    </dl>
  );
}
