import { expect, it } from "vitest";
import type { PhoneNumber } from "../../api/types";
import { newestOwn } from "./peers";

it("finds the number that was bought last among one's own simulated ones", () => {
  const number = (country: string, day: number, change: Partial<PhoneNumber> = {}) =>
    ({
      country,
      my_role: "owner",
      mode: "test",
      created_at: `2026-11-${day}T09:00:00.000000Z`,
      ...change,
    }) as PhoneNumber;
  const numbers = [
    number("US", 10),
    number("DE", 12),
    number("FR", 20, { my_role: "answer" }),
    number("GB", 21, { mode: "live" }),
    number("IT", 11),
  ];
  expect(newestOwn(numbers)?.country).toBe("DE");
  expect(newestOwn([])).toBeUndefined();
});
