import { expect, it } from "vitest";
import type { Dashboard } from "../../api/types";
import { daysOf, shareOf, sumsOf, usualMode } from "./figures";

const texts = (day: number, sent: number, failed = 0) => ({ day, sent, received: 1, delivered: sent - failed, failed });
const data = {
  today: 100,
  texts: [texts(80, 5), texts(93, 4), texts(94, 2), texts(99, 10, 2), texts(100, 3)],
  costs: [
    { day: 100, mode: "test", kind: "texts", amount_micros: 7_900 },
    { day: 99, mode: "test", kind: "numbers", amount_micros: 1_150_000 },
    { day: 93, mode: "test", kind: "texts", amount_micros: 4 },
    { day: 99, mode: "live", kind: "texts", amount_micros: 0 },
  ],
} as unknown as Dashboard;

it("adds up a time and the same time before it", () => {
  expect(sumsOf(data, 1, "test")).toEqual({
    now: { sent: 3, received: 1, delivered: 3, failed: 0, cost: 7_900 },
    before: { sent: 10, received: 1, delivered: 8, failed: 2, cost: 1_150_000 },
  });
  expect(sumsOf(data, 7, "test").now).toMatchObject({ sent: 15, received: 3, failed: 2, cost: 1_157_900 });
  expect(sumsOf(data, 7, "test").before).toMatchObject({ sent: 4, cost: 4 });
  expect(sumsOf(data, 30, "test")).toMatchObject({ now: { sent: 24 }, before: null });
  expect(sumsOf(data, 30, "live").now.cost).toBe(0);
});

it("draws the days of the figures, a week at least, and knows no share of nothing", () => {
  const drawn = ([30, 7, 1] as const).map((period) => daysOf(data, period));
  expect(drawn.map((days) => [days.length, days[0], days.at(-1)])).toEqual([
    [30, 71, 100],
    [7, 94, 100],
    [7, 94, 100],
  ]);
  expect([shareOf(1, 4), shareOf(0, 5), shareOf(0, 0)]).toEqual([0.25, 0, null]);
  expect(usualMode(data)).toBe("test");
});
