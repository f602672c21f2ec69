import { i18n } from "@lingui/core";
import { roundAbove } from "../../../lib/axis";
import { formatUtcDay } from "../../../lib/format";
import type { Day } from "../usage";

const WIDTH = 600;
const HEIGHT = 140;
const GAP = 4;

/** Received on top of sent, a bar for each day. Its words are the table beside it. */
export function UsageChart({ days }: { days: Day[] }) {
  const top = roundAbove(Math.max(...days.map(({ sent, received }) => sent + received)));
  const step = WIDTH / days.length;
  const high = (count: number) => (count / top) * HEIGHT;
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure className="m-0">
      <div className="flex gap-2">
        <div
          aria-hidden
          className="tabular flex h-35 flex-col justify-between text-end text-2xs leading-none text-muted"
        >
          <span>{top}</span>
          <span>{top / 2}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={i18n.t("Texts by day, sent and received; the table has the same numbers")}
          className="h-35 w-full grow rtl:-scale-x-100"
        >
          {[0, 0.5, 1].map((part) => (
            <line
              key={part}
              x1={0}
              x2={WIDTH}
              y1={part * HEIGHT}
              y2={part * HEIGHT}
              vectorEffect="non-scaling-stroke"
              className="stroke-line"
            />
          ))}
          {days.map(({ date, sent, received }, index) => (
            <g key={date.toISOString()}>
              <title>
                {i18n.t("{day}: {sent} sent, {received} received", { day: formatUtcDay(date), sent, received })}
              </title>
              <rect x={index * step} y={0} width={step} height={HEIGHT} className="fill-transparent hover:fill-hover" />
              <rect
                x={index * step + GAP / 2}
                y={HEIGHT - high(sent)}
                width={step - GAP}
                height={high(sent)}
                className="pointer-events-none fill-accent"
              />
              <rect
                x={index * step + GAP / 2}
                y={HEIGHT - high(sent + received)}
                width={step - GAP}
                height={high(received)}
                className="pointer-events-none fill-info"
              />
            </g>
          ))}
        </svg>
      </div>
      {first && last && (
        <figcaption className="mt-1.5 flex justify-between ps-6 text-2xs text-muted">
          <span>{formatUtcDay(first.date)}</span>
          <span>{formatUtcDay(last.date)}</span>
        </figcaption>
      )}
    </figure>
  );
}
