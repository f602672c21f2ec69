import { i18n } from "@lingui/core";
import { ChartColumn, Table } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { cx } from "../lib/cx";
import { Boundary } from "./boundary";
import { IconButton } from "./button";

export type ChartColor = "accent" | "info" | "warn" | "danger" | "ok" | "muted";

export type ChartSeries = {
  label: string;
  /** One for each label; null where nothing is known. */
  values: (number | null)[];
  color: ChartColor;
};

export type ChartProps = {
  /** What it shows; its heading. */
  caption: string;
  /** Of each place on the axis, as people read it: "3 May". */
  labels: string[];
  /** What the labels are: "Day". */
  labelName: string;
  series: ChartSeries[];
  /** Bars stand on top of each other; lines each have their own height. */
  look?: "bars" | "lines";
  format?: (value: number) => string;
  /** The axis reaches at least to this. */
  least?: number;
};

const DOTS: Record<ChartColor, string> = {
  accent: "bg-accent",
  info: "bg-info",
  warn: "bg-warn",
  danger: "bg-danger",
  ok: "bg-ok",
  muted: "bg-muted",
};

const Base = lazy(() => import("./chart-base"));

const plain = (value: number) => new Intl.NumberFormat(i18n.locale || "en").format(value);

/** A picture of numbers, and the same numbers as a table. */
export function Chart(props: ChartProps) {
  const { caption, labels, series, format = plain } = props;
  const [isTable, setTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  return (
    <figure className="m-0 min-w-0" aria-label={caption}>
      <div className="mb-2 flex items-center gap-1">
        <figcaption className="min-w-0 grow font-semibold">{caption}</figcaption>
        <IconButton size="sm" label={i18n.t("As a chart")} pressed={!isTable} onClick={() => setTable(false)}>
          <ChartColumn size={16} aria-hidden />
        </IconButton>
        <IconButton size="sm" label={i18n.t("As a table")} pressed={isTable} onClick={() => setTable(true)}>
          <Table size={16} aria-hidden />
        </IconButton>
      </div>
      {isTable ? (
        <ChartTable {...props} />
      ) : (
        <Boundary fallback={() => <ChartTable {...props} />}>
          <div
            role="img"
            aria-label={i18n.t("{caption}; the table has the same numbers", { caption })}
            className="h-45 w-full"
          >
            <Suspense fallback={<div className="skeleton h-full" />}>
              <Base {...props} format={format} onPlace={setAt} />
            </Suspense>
          </div>
          <ul aria-hidden className="tabular mt-2 flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
            {at !== null && <li className="font-medium text-ink">{labels[at]}</li>}
            {series.map(({ label, color, values }) => {
              const value = at === null ? null : values[at];
              return (
                <li key={label} className="flex items-center gap-1.5">
                  <span className={cx("size-2 rounded-full", DOTS[color])} />
                  {label}
                  {typeof value === "number" && <span className="font-medium text-ink">{format(value)}</span>}
                </li>
              );
            })}
          </ul>
        </Boundary>
      )}
    </figure>
  );
}

/** Newest first, without places where nothing happened. */
function ChartTable({ caption, labels, labelName, series, format = plain }: ChartProps) {
  const rows = labels
    .map((label, index) => ({ label, key: `${index} ${label}`, values: series.map(({ values }) => values[index]) }))
    .filter(({ values }) => values.some((value) => typeof value === "number" && value !== 0))
    .toReversed();
  if (rows.length === 0) return <p className="text-sm text-muted">{i18n.t("Nothing in this time.")}</p>;
  return (
    <section
      className="scroll-y max-h-72 overflow-x-auto"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      aria-label={caption}
    >
      <table className="tabular w-full text-sm">
        <thead className="border-b border-line text-xs text-muted">
          <tr>
            {[labelName, ...series.map(({ label }) => label)].map((name, index) => (
              <th
                key={name}
                scope="col"
                className={cx("py-2 font-medium", index === 0 ? "text-start" : "ps-3 text-end")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ label, key, values }) => (
            <tr key={key}>
              <th scope="row" className="py-1.5 text-start font-normal whitespace-nowrap">
                {label}
              </th>
              {values.map((value, index) => (
                <td key={series[index]?.label} className="py-1.5 ps-3 text-end">
                  {typeof value === "number" ? format(value) : "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
