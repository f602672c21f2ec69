import { i18n } from "@lingui/core";
import { useSearch } from "@tanstack/react-router";
import type { Dashboard } from "../../api/types";
import { problemText } from "../../lib/problem-text";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { Charts } from "./components/charts";
import { Figures } from "./components/figures";
import { Limits } from "./components/limits";
import { Numbers } from "./components/numbers";
import { PeriodField } from "./components/period-field";
import { Recent } from "./components/recent";
import { Warnings } from "./components/warnings";
import { usualMode } from "./figures";
import { useDashboard } from "./queries";

export function DashboardPage() {
  const dashboard = useDashboard();
  const { days: period = 7 } = useSearch({ from: "/shell/dashboard/" });
  return (
    <SectionPage wide title={i18n.t("At a glance")} action={<PeriodField period={period} />}>
      {dashboard.isPending && <Waiting />}
      {dashboard.isError && !dashboard.data && (
        <Card flush>
          <Failure text={problemText(dashboard.error)} onRetry={() => dashboard.refetch()} />
        </Card>
      )}
      {dashboard.data && <Content data={dashboard.data} period={period} />}
    </SectionPage>
  );
}

function Content({ data, period }: { data: Dashboard; period: 1 | 7 | 30 }) {
  const mode = usualMode(data);
  return (
    <div className="flex flex-col gap-5">
      <Warnings data={data} />
      <Figures data={data} period={period} mode={mode} />
      <Charts data={data} period={period} mode={mode} />
      <div className="grid gap-5 xl:grid-cols-2">
        <Numbers data={data} />
        <Recent data={data} />
      </div>
      <Limits data={data} />
    </div>
  );
}

/** Of the size of what will stand there. */
function Waiting() {
  return (
    <div role="status" aria-label={i18n.t("Loading")} className="flex flex-col gap-5">
      <div className="skeleton h-14" />
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        {[1, 2, 3, 4].map((each) => (
          <div key={each} className="skeleton h-26" />
        ))}
      </div>
      <div className="grid gap-5 xl:grid-cols-2">
        <div className="skeleton h-72" />
        <div className="skeleton h-72" />
      </div>
    </div>
  );
}
