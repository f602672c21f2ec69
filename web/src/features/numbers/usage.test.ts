import { expect, it } from "vitest";
import { lastDays, monthStart, sumOf } from "./usage";

const use = (day: number, received: boolean, texts: number) => ({
  day,
  received,
  texts,
  segments: texts,
  price_micros: received ? 0 : texts * 7_900,
});

it("fills the days on which nothing happened, and adds up directions", () => {
  const days = [use(20_776, false, 2), use(20_778, true, 3), use(20_778, false, 1), use(20_000, true, 9)];
  const shown = lastDays(days, 3, new Date("2026-11-21T23:30:00Z"));
  expect(shown.map(({ sent, received, cost }) => [sent, received, cost])).toEqual([
    [2, 0, 15_800],
    [0, 0, 0],
    [1, 3, 7_900],
  ]);
  expect(shown.at(-1)?.date.toISOString()).toBe("2026-11-21T00:00:00.000Z");
  expect(sumOf(days)).toEqual({ sent: 3, received: 12, cost: 23_700 });
  expect(monthStart(new Date("2026-11-21T23:30:00Z"))).toBe("2026-11-01T00:00:00.000Z");
});
