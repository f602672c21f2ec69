// Figures of verifications by day, as charts need them. Days are those of the server: they begin at midnight UTC.
import type { VerificationFigures } from "../../api/types";

const DAY_SECONDS = 86_400;

export type FigureDay = {
  /** Its midnight, in seconds. */
  at: number;
  begun: number;
  /** 0 to 1; null on a day without any. */
  rate: number | null;
  median: number | null;
  p95: number | null;
};

/** The midnight from which so many days are shown, today included. */
export function firstDay(count: number, now = Date.now()): number {
  return (Math.floor(now / 1000 / DAY_SECONDS) - count + 1) * DAY_SECONDS;
}

/** Without gaps, the oldest first. */
export function byDay(days: VerificationFigures["days"], count: number, now = Date.now()): FigureDay[] {
  const first = firstDay(count, now);
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * DAY_SECONDS;
    const known = days.find(({ day }) => day * DAY_SECONDS === at);
    return {
      at,
      begun: known?.begun ?? 0,
      rate: known?.success_rate ?? null,
      median: known?.median_ms ?? null,
      p95: known?.p95_ms ?? null,
    };
  });
}
