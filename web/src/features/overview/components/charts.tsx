import { i18n } from "@lingui/core";
import type { Dashboard, WalletMode } from "../../../api/types";
import { formatUtcDay } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { Chart, type ChartColor } from "../../../ui/chart";
import { Card } from "../../../ui/section-layout";
import { dateOf, daysOf, type Period } from "../figures";
import { costName } from "../words";

const CENT = 10_000;
const COLORS: ChartColor[] = ["accent", "info", "warn", "muted"];
/** The order in which kinds keep their colours, whichever of them there are. */
const KINDS = ["texts", "numbers", "verifications"];

type Props = { data: Dashboard; period: Period; mode: WalletMode };

export function Charts({ data, period, mode }: Props) {
  const days = daysOf(data, period);
  const labels = days.map((day) => formatUtcDay(dateOf(day)));
  const texts = new Map(data.texts.map((each) => [each.day, each]));
  const kinds = [...new Set([...KINDS.slice(0, 2), ...data.costs.map(({ kind }) => kind)])].sort(
    (one, other) => place(one) - place(other),
  );
  const spent = (kind: string, day: number) =>
    data.costs
      .filter((cost) => cost.kind === kind && cost.day === day && cost.mode === mode)
      .reduce((sum, cost) => sum + cost.amount_micros, 0);
  return (
    <div className="grid gap-5 xl:grid-cols-2">
      <Card>
        <Chart
          caption={i18n.t("Texts by day")}
          labelName={i18n.t("Day")}
          labels={labels}
          series={[
            { label: i18n.t("Sent"), color: "accent", values: days.map((day) => texts.get(day)?.sent ?? 0) },
            { label: i18n.t("Received"), color: "info", values: days.map((day) => texts.get(day)?.received ?? 0) },
          ]}
        />
      </Card>
      <Card>
        <Chart
          caption={mode === "test" ? i18n.t("Cost by day, test money") : i18n.t("Cost by day")}
          labelName={i18n.t("Day")}
          labels={labels}
          least={10 * CENT}
          format={(micros) => formatMoney(micros, data.currency)}
          series={kinds.map((kind) => ({
            label: costName(kind),
            color: COLORS[Math.min(place(kind), COLORS.length - 1)] as ChartColor,
            values: days.map((day) => Math.max(0, spent(kind, day))),
          }))}
        />
      </Card>
    </div>
  );
}

const place = (kind: string) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
