import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { getSystemHealth } from "../../api/calls";
import type { CarrierHealth, SystemHealth } from "../../api/types";
import { formatMoment, formatPercent } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { duration, linkOf, sentencesOf } from "./health-words";

const LOOK_EVERY_MS = 10_000;

export function HealthPage() {
  const health = useQuery({ queryKey: ["health"], queryFn: getSystemHealth, refetchInterval: LOOK_EVERY_MS });
  return (
    <SectionPage title={i18n.t("Health")} hint={i18n.t("Of this server, looked at every ten seconds.")}>
      {health.isPending && (
        <Card flush>
          <SkeletonRows count={4} avatar={false} />
        </Card>
      )}
      {health.isError && !health.data && (
        <Card flush>
          <Failure text={problemText(health.error)} onRetry={() => health.refetch()} />
        </Card>
      )}
      {health.data && <Content health={health.data} />}
    </SectionPage>
  );
}

function Content({ health }: { health: SystemHealth }) {
  const { process, jobs } = health;
  const whole = new Intl.NumberFormat(i18n.locale || "en", { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(i18n.locale || "en", { maximumFractionDigits: 1 });
  const figures: [string, string][] = [
    [
      i18n.t("Processor"),
      process.cpu_percent === null ? "–" : formatPercent(process.cpu_percent / process.cores / 100),
    ],
    [i18n.t("Memory"), process.memory_bytes === null ? "–" : `${whole.format(process.memory_bytes / 1_000_000)} MB`],
    [i18n.t("Database answers in"), `${fine.format(health.database_answer_micros / 1000)} ms`],
    [i18n.t("Live connections"), whole.format(health.sockets)],
    [i18n.t("Running for"), duration(process.uptime_secs)],
    [i18n.t("Version"), health.version],
  ];
  return (
    <div className="flex flex-col gap-5">
      <Card>
        <ul className="flex flex-col gap-2.5">
          {sentencesOf(health).map(({ text, well }) => (
            <Sentence key={text} well={well}>
              {text}
            </Sentence>
          ))}
        </ul>
      </Card>
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-3">
        {figures.map(([name, value]) => (
          <div key={name} className="min-w-0 rounded-card border border-line bg-surface p-4">
            <dt className="truncate text-sm text-muted">{name}</dt>
            <dd className="tabular mt-1 truncate text-lg font-semibold tracking-tight">{value}</dd>
          </div>
        ))}
      </dl>
      <Card flush>
        <Table
          caption={i18n.t("Carriers")}
          heads={[i18n.t("Carrier"), i18n.t("Queued"), i18n.t("On the wire"), i18n.t("No news")]}
          rows={health.carriers.map((carrier) => [
            <Carrier key={carrier.name} carrier={carrier} />,
            whole.format(carrier.queued),
            whole.format(carrier.on_the_wire),
            whole.format(carrier.unknown),
          ])}
        />
        <p className="border-t border-line px-5 py-2 text-sm">
          <Link
            to="/admin/texts"
            className="inline-flex min-h-6 items-center font-medium text-accent underline-offset-2 hover:underline touch:min-h-11"
          >
            {i18n.t("Show texts without news")}
          </Link>
        </p>
      </Card>
      {jobs.length > 0 && (
        <Card flush>
          <Table
            caption={i18n.t("Jobs")}
            heads={[i18n.t("Queue"), i18n.t("Waiting"), i18n.t("Gave up")]}
            rows={jobs.map(({ queue, waiting, parked }) => [
              <code key={queue} className="font-mono text-sm">
                {queue}
              </code>,
              whole.format(waiting),
              whole.format(parked),
            ])}
          />
        </Card>
      )}
    </div>
  );
}

function Sentence({ well, children }: { well: boolean; children: ReactNode }) {
  const Icon = well ? CircleCheck : CircleAlert;
  return (
    <li className="flex items-start gap-2.5">
      <Icon size={18} className={`mt-0.5 shrink-0 ${well ? "text-ok" : "text-warn"}`} aria-hidden />
      <span className="min-w-0">
        {!well && <span className="sr-only">{i18n.t("Attention:")} </span>}
        {children}
      </span>
    </li>
  );
}

function Carrier({ carrier }: { carrier: CarrierHealth }) {
  return (
    <>
      <span className="font-medium">{carrier.name}</span>
      <span className="block text-xs text-muted">
        {linkOf(carrier)}
        {carrier.waiting_since && (
          <> · {i18n.t("waiting since {moment}", { moment: formatMoment(carrier.waiting_since) })}</>
        )}
      </span>
    </>
  );
}

function Table({ caption, heads, rows }: { caption: string; heads: string[]; rows: ReactNode[][] }) {
  return (
    <table className="tabular w-full text-sm">
      <caption className="px-5 pt-4 pb-1 text-start text-base font-semibold">{caption}</caption>
      <thead className="border-b border-line text-xs text-muted">
        <tr>
          {heads.map((name, index) => (
            <th
              key={name}
              scope="col"
              className={`px-3 py-2 font-medium ${index === 0 ? "ps-5 text-start" : "text-end last:pe-5"}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map(([first, ...rest], row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their order
          <tr key={row}>
            <th scope="row" className="min-w-0 py-2 ps-5 text-start font-normal break-words">
              {first}
            </th>
            {rest.map((cell, index) => (
              <td key={heads[index + 1]} className="px-3 py-2 text-end last:pe-5">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
