import { expect, it } from "vitest";
import { byDay, firstDay } from "./figures";

const now = Date.parse("2026-11-21T15:00:00Z");

it("shows each day once, today last, and gaps where nothing was", () => {
  const today = Math.floor(now / 86_400_000);
  const one = { begun: 2, completed: 1, expired: 1, cancelled: 0, success_rate: 0.5, median_ms: 900, p95_ms: 900 };
  const days = byDay(
    [
      { day: today, ...one },
      { day: today - 40, ...one },
    ],
    7,
    now,
  );
  expect(days).toHaveLength(7);
  expect(days[0]).toEqual({ at: firstDay(7, now), begun: 0, rate: null, median: null, p95: null });
  expect(days.at(-1)).toEqual({ at: today * 86_400, begun: 2, rate: 0.5, median: 900, p95: 900 });
});
