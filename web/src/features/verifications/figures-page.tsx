import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";
import { useMemo } from "react";
import type { Figures } from "../../api/types";
import { countryName } from "../../lib/countries";
import { formatPercent } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Select } from "../../ui/field";
import { Card, SectionPage } from "../../ui/section-layout";
import { ChartCard, FigureTable } from "./components/chart-card";
import type { Line } from "./components/line-chart";
import { byDay, firstDay } from "./figures";
import { useFigures } from "./queries";
import { tookText } from "./words";

const USUAL = 30;

const rateText = ({ success_rate: rate }: Figures) => (rate === null ? "–" : formatPercent(rate));
const timeText = (ms: number | null) => (ms === null ? "–" : tookText(ms));

export function FiguresPage() {
  const search = useSearch({ from: "/shell/verifications/figures" });
  const navigate = useNavigate({ from: "/verifications/figures" });
  const count = search.days ?? USUAL;
  const from = new Date(firstDay(count) * 1000).toISOString();
  const figures = useFigures(count, from);
  const data = figures.data;
  const days = useMemo(() => byDay(data?.days ?? [], count), [data, count]);
  const at = useMemo(() => days.map((day) => day.at), [days]);
  const rates: Line[] = useMemo(
    () => [{ name: i18n.t("Success rate"), color: "accent", values: days.map(({ rate }) => rate) }],
    [days],
  );
  const times: Line[] = useMemo(
    () => [
      { name: i18n.t("Half came within"), color: "accent", values: days.map(({ median }) => median) },
      { name: i18n.t("95% came within"), color: "info", dashed: true, values: days.map(({ p95 }) => p95) },
    ],
    [days],
  );
  const names = [
    i18n.t("Begun"),
    i18n.t("Codes"),
    i18n.t("Success rate"),
    i18n.t("Half came within"),
    i18n.t("95% came within"),
  ];
  const cells = (each: Figures) => [
    each.begun,
    each.completed,
    rateText(each),
    timeText(each.median_ms),
    timeText(each.p95_ms),
  ];
  return (
    <SectionPage
      wide
      title={i18n.t("Figures")}
      hint={i18n.t("How often codes came, and how fast. What you stopped yourself does not count against a service.")}
      action={
        <Select
          label={i18n.t("Period")}
          hideLabel
          value={count}
          onChange={(event) => {
            const next = Number(event.target.value);
            const days = next === 7 || next === 90 ? ({ days: next } as const) : {};
            navigate({ search: { ...(search.table && { table: true as const }), ...days }, replace: true });
          }}
        >
          {[7, USUAL, 90].map((each) => (
            <option key={each} value={each}>
              {i18n.t("Last {count} days", { count: each })}
            </option>
          ))}
        </Select>
      }
    >
      {figures.isPending && <div role="status" aria-label={i18n.t("Loading")} className="skeleton h-80" />}
      {figures.isError && <Failure text={problemText(figures.error)} onRetry={() => figures.refetch()} />}
      {data && data.total.begun === 0 && (
        <Card flush>
          <Empty icon={ChartLine} text={i18n.t("No verification in these days.")} />
        </Card>
      )}
      {data && data.total.begun > 0 && (
        <div className="flex flex-col gap-4">
          <Card>
            <dl className="grid grid-cols-2 gap-3 md:grid-cols-5">
              {names.map((name, index) => (
                <div key={name}>
                  <dt className="text-xs text-muted">{name}</dt>
                  <dd className="tabular text-lg font-semibold tracking-tight">{cells(data.total)[index]}</dd>
                </div>
              ))}
            </dl>
          </Card>
          <ChartCard
            title={i18n.t("Success rate by day")}
            label={i18n.t("Success rate by day; the table has the same numbers")}
            days={at}
            lines={rates}
            write={formatPercent}
            top={1}
          />
          <ChartCard
            title={i18n.t("Time to code by day")}
            label={i18n.t("Time to code by day; the table has the same numbers")}
            days={at}
            lines={times}
            write={tookText}
          />
          <Card>
            <h3 className="mb-2 font-semibold">{i18n.t("By service")}</h3>
            <FigureTable
              caption={i18n.t("By service")}
              names={[i18n.t("Service"), ...names]}
              rows={data.services.map((each) => ({ key: each.service, cells: [each.service_name, ...cells(each)] }))}
            />
          </Card>
          <Card>
            <h3 className="mb-2 font-semibold">{i18n.t("By country")}</h3>
            <FigureTable
              caption={i18n.t("By country")}
              names={[i18n.t("Country"), ...names]}
              rows={data.countries.map((each) => ({
                key: each.country,
                cells: [countryName(each.country), ...cells(each)],
              }))}
            />
          </Card>
        </div>
      )}
    </SectionPage>
  );
}
