// Sums of a time and of the same time before it. Days are those of the server: they begin at midnight UTC.
import type { Dashboard, WalletMode } from "../../api/types";

const DAY_MS = 86_400_000;
const DAYS = 30;
/** One day is no chart: it is shown at the end of its week. */
const LEAST_DAYS = 7;
export const PERIODS = [1, 7, 30] as const;
export type Period = (typeof PERIODS)[number];

export type Sums = { sent: number; received: number; delivered: number; failed: number; cost: number };

/** Of the last days, and of as many before them; nothing where the server does not tell so far back. */
export function sumsOf(data: Dashboard, period: Period, mode: WalletMode): { now: Sums; before: Sums | null } {
  const between = (from: number, to: number) => {
    const sums: Sums = { sent: 0, received: 0, delivered: 0, failed: 0, cost: 0 };
    for (const day of data.texts.filter((each) => each.day > from && each.day <= to)) {
      sums.sent += day.sent;
      sums.received += day.received;
      sums.delivered += day.delivered;
      sums.failed += day.failed;
    }
    for (const cost of data.costs.filter((each) => each.mode === mode && each.day > from && each.day <= to))
      sums.cost += cost.amount_micros;
    return sums;
  };
  const { today } = data;
  return {
    now: between(today - period, today),
    before: period * 2 > DAYS ? null : between(today - 2 * period, today - period),
  };
}

export const dateOf = (day: number) => new Date(day * DAY_MS);

/** Every day of the chart, also those on which nothing happened, the oldest first. */
export function daysOf({ today }: Dashboard, period: Period): number[] {
  const count = Math.max(period, LEAST_DAYS);
  return Array.from({ length: count }, (_, index) => today - count + 1 + index);
}

/** Nothing of nothing is no share. */
export const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** The wallet that most costs are of. */
export function usualMode({ costs }: Dashboard): WalletMode {
  const spent = (mode: WalletMode) =>
    costs.filter((cost) => cost.mode === mode).reduce((sum, cost) => sum + cost.amount_micros, 0);
  return spent("live") > 0 ? "live" : "test";
}
