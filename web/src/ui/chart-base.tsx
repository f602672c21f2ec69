import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { roundAbove, stack } from "../lib/axis";
import { useWidth } from "../lib/use-width";
import type { ChartProps } from "./chart";

const HEIGHT = 180;
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const WIDE_LABEL = 64;

type Props = ChartProps & { format: (value: number) => string; onPlace: (index: number | null) => void };

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Drawn once for each set of numbers; width and colours follow by themselves. */
export default function ChartBase({ labels, series, look = "bars", format, least, onPlace }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(place);
  // The caller makes new lists each time it renders; the same numbers are the same picture.
  const numbers = JSON.stringify([labels, look, least, series.map(({ color, values }) => [color, values])]);
  const latest = useRef({ labels, series, look, format, least, onPlace });
  latest.current = { labels, series, look, format, least, onPlace };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn is read when the numbers change
  useEffect(() => {
    if (!place.current || width === 0) return;
    plot.current = draw(place.current, width, latest.current);
    const themes = new MutationObserver(() => plot.current?.redraw(true));
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      themes.disconnect();
      plot.current?.destroy();
      plot.current = null;
      latest.current.onPlace(null);
    };
  }, [numbers, width]);
  return <div ref={place} dir="ltr" className="h-full w-full overflow-hidden" />;
}

function draw(
  target: HTMLElement,
  width: number,
  { labels, series, look, format, least, onPlace }: Omit<Props, "caption" | "labelName">,
): uPlot {
  const isBars = look === "bars";
  const heights = isBars ? stack(series.map(({ values }) => values)) : series.map(({ values }) => values);
  const highest = Math.max(0, ...heights.flat().map((value) => value ?? 0));
  const top = roundAbove(highest, least);
  const isRtl = document.documentElement.dir === "rtl";
  const widest = Math.max(...[0, top / 2, top].map((value) => format(value).length));
  const ink = () => token("muted");
  const grid = { stroke: () => token("line"), width: 1 };
  const step = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor(width / (WIDE_LABEL * 1.6)))));
  // The last label stands a little before the end, where it has room.
  const inset = Math.floor(step / 2);
  const options: uPlot.Options = {
    width,
    height: HEIGHT,
    padding: [8, isRtl ? 0 : 8, 0, isRtl ? 8 : 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: !isBars } },
    scales: {
      x: { time: false, range: [-0.5, labels.length - 0.5], dir: isRtl ? -1 : 1 },
      y: { range: [0, top] },
    },
    axes: [
      {
        stroke: ink,
        font: FONT,
        size: 26,
        gap: 6,
        grid: { show: false },
        ticks: { show: false },
        splits: () => labels.map((_, index) => index).filter((index) => (labels.length - 1 - index) % step === inset),
        values: (_, places) => places.map((index) => labels[index] ?? ""),
      },
      {
        stroke: ink,
        font: FONT,
        size: 14 + widest * 6.2,
        gap: 6,
        side: isRtl ? 1 : 3,
        grid,
        ticks: { show: false },
        splits: () => [0, top / 2, top],
        values: (_, places) => places.map(format),
      },
    ],
    series: [
      {},
      // Of bars the highest is drawn first, and what stands below covers it.
      ...ordered(series, isBars).map(({ color, label }) => ({
        label,
        stroke: () => token(color),
        ...(isBars
          ? {
              fill: () => token(color),
              width: 0,
              paths: uPlot.paths.bars?.({ size: [0.72, 40] }),
              points: { show: false },
            }
          : { width: 2 }),
      })),
    ],
    hooks: { setCursor: [(plot) => onPlace(plot.cursor.idx ?? null)] },
  };
  const data = [labels.map((_, index) => index), ...ordered(heights, isBars)] as uPlot.AlignedData;
  return new uPlot(options, data, target);
}

const ordered = <Each,>(list: Each[], isBars: boolean) => (isBars ? list.toReversed() : list);
