import { expect, it } from "vitest";
import { retryDelay } from "./socket";

it("waits a random time up to a limit that doubles and ends at thirty seconds", () => {
  const longest = [0, 1, 2, 5, 6, 20].map((attempt) => retryDelay(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
  expect(retryDelay(6, () => 0)).toBe(0);
});
