import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartColumn, Table } from "lucide-react";
import type { PhoneNumber } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatUtcDay } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { problemText } from "../../../lib/problem-text";
import { IconButton } from "../../../ui/button";
import { Failure } from "../../../ui/failure";
import { Card } from "../../../ui/section-layout";
import { useUsage } from "../queries";
import { type Day, lastDays, sumOf } from "../usage";
import { UsageChart } from "./usage-chart";

const DAYS = 30;

export function UsageCard({ number, currency }: { number: PhoneNumber; currency: string }) {
  const usage = useUsage(number.id);
  const { usage: view } = useSearch({ from: "/shell/numbers/$numberId" });
  const navigate = useNavigate({ from: "/numbers/$numberId" });
  const days = lastDays(usage.data?.days ?? [], DAYS);
  const { sent, received, cost } = sumOf(usage.data?.days ?? []);
  const figures: (string | null)[][] = [
    [i18n.t("Sent"), String(sent), "bg-accent"],
    [i18n.t("Received"), String(received), "bg-info"],
    [i18n.t("Cost of texts"), formatMoney(cost, currency), null],
    ...(number.my_role === "owner"
      ? [[i18n.t("Rent so far"), formatMoney(usage.data?.rent_micros ?? 0, currency), null]]
      : []),
  ];
  const show = (table: boolean) => navigate({ search: table ? { usage: "table" } : {}, replace: true });
  return (
    <Card>
      <div className="mb-3 flex items-center gap-1">
        <h3 className="grow font-semibold">{i18n.t("Usage of the last 30 days")}</h3>
        <IconButton size="sm" label={i18n.t("As a chart")} pressed={view !== "table"} onClick={() => show(false)}>
          <ChartColumn size={16} aria-hidden />
        </IconButton>
        <IconButton size="sm" label={i18n.t("As a table")} pressed={view === "table"} onClick={() => show(true)}>
          <Table size={16} aria-hidden />
        </IconButton>
      </div>
      {usage.isPending && <div role="status" aria-label={i18n.t("Loading")} className="skeleton h-52" />}
      {usage.isError && <Failure text={problemText(usage.error)} onRetry={() => usage.refetch()} />}
      {usage.data && (
        <>
          <dl className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4">
            {figures.map(([name, value, dot]) => (
              <div key={name}>
                <dt className="flex items-center gap-1.5 text-xs text-muted">
                  {dot && <span aria-hidden className={cx("size-2 rounded-full", dot)} />}
                  {name}
                </dt>
                <dd className="tabular text-lg font-semibold tracking-tight">{value}</dd>
              </div>
            ))}
          </dl>
          {view === "table" ? <UsageTable days={days} currency={currency} /> : <UsageChart days={days} />}
        </>
      )}
    </Card>
  );
}

function UsageTable({ days, currency }: { days: Day[]; currency: string }) {
  const used = days.filter(({ sent, received }) => sent + received > 0).toReversed();
  if (used.length === 0) return <p className="text-sm text-muted">{i18n.t("No texts in these days.")}</p>;
  return (
    <table className="tabular w-full text-sm">
      <caption className="sr-only">{i18n.t("Texts by day")}</caption>
      <thead className="border-b border-line text-xs text-muted">
        <tr>
          {[i18n.t("Day"), i18n.t("Sent"), i18n.t("Received"), i18n.t("Cost")].map((name, index) => (
            <th key={name} scope="col" className={cx("py-2 font-medium", index === 0 ? "text-start" : "text-end")}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {used.map(({ date, sent, received, cost }) => (
          <tr key={date.toISOString()}>
            <th scope="row" className="py-1.5 text-start font-normal">
              {formatUtcDay(date)}
            </th>
            <td className="py-1.5 text-end">{sent}</td>
            <td className="py-1.5 text-end">{received}</td>
            <td className="py-1.5 text-end">{formatMoney(cost, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
