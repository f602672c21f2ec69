import { useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatUtcDay } from "../../../lib/format";
import { useWidth } from "../../../lib/use-width";

export type Line = { name: string; color: "accent" | "info"; values: (number | null)[]; dashed?: boolean };

type Props = {
  /** What it shows, in a sentence. */
  label: string;
  /** In seconds. */
  days: number[];
  lines: Line[];
  write: (value: number) => string;
  /** Else as high as the highest. */
  top?: number;
};

const HEIGHT = 200;
const MIN_TOP = 1;
const FONT = "12px system-ui, sans-serif";

/** Lines by day. Its words are the table beside it. */
export function LineChart({ label, days, lines, write, top }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || width === 0) return;
    let plot = draw(element, width, { label, days, lines, write, top });
    // Canvas does not know roles: with another theme it is painted anew.
    const repaint = new MutationObserver(() => {
      plot.destroy();
      plot = draw(element, width, { label, days, lines, write, top });
    });
    repaint.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      repaint.disconnect();
      plot.destroy();
    };
  }, [label, days, lines, write, top, width]);
  return <div ref={place} role="img" aria-label={label} className="h-50 w-full overflow-hidden" />;
}

function draw(place: HTMLElement, width: number, { days, lines, write, top }: Props): uPlot {
  const role = (name: string) => getComputedStyle(place).getPropertyValue(`--${name}`).trim();
  const grid = { stroke: role("line"), width: 1 };
  const axis = { stroke: role("muted"), grid, ticks: { show: false }, font: FONT } as const;
  const date = (at: number) => formatUtcDay(new Date(at * 1000));
  return new uPlot(
    {
      width,
      height: HEIGHT,
      // Room for half of the last day's words.
      padding: [12, 48, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 8 } },
      scales: { x: { time: false }, y: { range: (_, _low, high) => [0, top ?? Math.max(high ?? 0, MIN_TOP) * 1.1] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 32,
          values: (_, splits) => splits.map(date),
          splits: () => spread(days, width),
        },
        { ...axis, size: 64, values: (_, splits) => splits.map(write) },
      ],
      series: [
        {},
        ...lines.map(({ name, color, dashed }) => ({
          label: name,
          stroke: role(color),
          width: 2,
          dash: dashed ? [6, 4] : undefined,
          spanGaps: false,
          points: { show: true, size: 6, fill: role(color) },
        })),
      ],
    },
    [days, ...lines.map(({ values }) => values)],
    place,
  );
}

const ROOM = 110;

/** As many days as have room for their words. */
function spread(days: number[], width: number): number[] {
  const count = Math.max(2, Math.floor(width / ROOM));
  const step = Math.max(1, Math.ceil(days.length / count));
  return days.filter((_, index) => (days.length - 1 - index) % step === 0);
}
