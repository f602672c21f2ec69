import { expect, it } from "vitest";
import { roundAbove, stack } from "./axis";

it("ends an axis at a round number", () => {
  expect([0, 4, 7, 12, 21, 260, 999].map((highest) => roundAbove(highest))).toEqual([4, 4, 10, 20, 40, 400, 1000]);
  expect([0, 7_900, 15_800].map((highest) => roundAbove(highest, 10_000))).toEqual([10_000, 10_000, 20_000]);
});

it("puts series on top of each other", () => {
  expect(
    stack([
      [1, 2, null],
      [10, null, 30],
      [100, 200, 300],
    ]),
  ).toEqual([
    [1, 2, null],
    [11, null, 30],
    [111, 202, 330],
  ]);
});
