import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartLine, Table } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../../lib/cx";
import { formatUtcDay } from "../../../lib/format";
import { IconButton } from "../../../ui/button";
import { Card } from "../../../ui/section-layout";
import { type Line, LineChart } from "./line-chart";

type Props = {
  title: string;
  label: string;
  days: number[];
  lines: Line[];
  write: (value: number) => string;
  top?: number;
};

const DOTS = { accent: "bg-accent", info: "bg-info" } as const;

/** A chart, or the same as a table. */
export function ChartCard({ title, label, days, lines, write, top }: Props) {
  const search = useSearch({ from: "/shell/verifications/figures" });
  const navigate = useNavigate({ from: "/verifications/figures" });
  const isTable = search.table === true;
  const show = (table?: true) => navigate({ search: { ...search, table }, replace: true });
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-center gap-x-1 gap-y-2">
        <h3 className="grow font-semibold">{title}</h3>
        <IconButton size="sm" label={i18n.t("As a chart")} pressed={!isTable} onClick={() => show()}>
          <ChartLine size={16} aria-hidden />
        </IconButton>
        <IconButton size="sm" label={i18n.t("As a table")} pressed={isTable} onClick={() => show(true)}>
          <Table size={16} aria-hidden />
        </IconButton>
      </div>
      {isTable ? (
        <DayTable caption={title} days={days} lines={lines} write={write} />
      ) : (
        <>
          {lines.length > 1 && <Legend lines={lines} />}
          <LineChart label={label} days={days} lines={lines} write={write} top={top} />
        </>
      )}
    </Card>
  );
}

function Legend({ lines }: { lines: Line[] }) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 text-xs text-muted">
      {lines.map(({ name, color, dashed }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span aria-hidden className={cx("h-0.5 w-4", DOTS[color], dashed && "opacity-70")} />
          {name}
        </li>
      ))}
    </ul>
  );
}

function DayTable({ caption, days, lines, write }: Pick<Props, "days" | "lines" | "write"> & { caption: string }) {
  const rows = days
    .map((at, index) => ({ at, values: lines.map(({ values }) => values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null))
    .toReversed();
  if (rows.length === 0) return <p className="text-sm text-muted">{i18n.t("Nothing in these days.")}</p>;
  return (
    <FigureTable
      caption={caption}
      names={[i18n.t("Day"), ...lines.map(({ name }) => name)]}
      rows={rows.map(({ at, values }) => ({
        key: String(at),
        cells: [formatUtcDay(new Date(at * 1000)), ...values.map((value) => (value === null ? "–" : write(value)))],
      }))}
    />
  );
}

type TableProps = { caption: string; names: string[]; rows: { key: string; cells: ReactNode[] }[] };

/** What each line is, then figures. */
export function FigureTable({ caption, names, rows }: TableProps) {
  const side = (index: number) => (index === 0 ? "text-start" : "text-end");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: where it is wider than the screen, arrow keys scroll it
    <section aria-label={caption} tabIndex={0} className="overflow-x-auto">
      <table className="tabular w-full text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line text-xs text-muted">
          <tr>
            {names.map((name, index) => (
              <th key={name} scope="col" className={cx("px-2 py-2 font-medium whitespace-nowrap", side(index))}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <tr key={key}>
              <th scope="row" className="px-2 py-1.5 text-start font-normal">
                {first}
              </th>
              {rest.map((cell, index) => (
                <td key={names[index + 1]} className="px-2 py-1.5 text-end whitespace-nowrap">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
