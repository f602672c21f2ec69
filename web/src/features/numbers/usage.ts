// Texts and cost by day. Days are those of the server: they begin at midnight UTC.
import type { DayOfUse } from "../../api/types";

const DAY_MS = 86_400_000;

export type Day = { date: Date; sent: number; received: number; cost: number };

export function monthStart(now = new Date()): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString();
}

export function sumOf(days: DayOfUse[]): { sent: number; received: number; cost: number } {
  const sum = { sent: 0, received: 0, cost: 0 };
  for (const { received, texts, price_micros } of days) {
    sum[received ? "received" : "sent"] += texts;
    sum.cost += price_micros;
  }
  return sum;
}

/** The last days without gaps, the oldest first. */
export function lastDays(days: DayOfUse[], count: number, now = new Date()): Day[] {
  const today = Math.floor(now.getTime() / DAY_MS);
  return Array.from({ length: count }, (_, index) => {
    const day = today - count + 1 + index;
    return { date: new Date(day * DAY_MS), ...sumOf(days.filter((each) => each.day === day)) };
  });
}
