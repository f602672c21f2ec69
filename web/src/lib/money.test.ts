import { describe, expect, it } from "vitest";
import { formatMoney, parseMoney } from "./money";

describe("money", () => {
  it("shows small prices whole", () => {
    const shown = [0, 1, 7_500, 12_500_000, -1_000_000, 1_234_567_000_000].map((micros) => formatMoney(micros, "USD"));
    expect(shown).toEqual(["$0.00", "$0.000001", "$0.0075", "$12.50", "-$1.00", "$1,234,567.00"]);
    expect(formatMoney(5_000_000, "EUR", { signed: true })).toBe("+€5.00");
  });

  it("is read as people type it", () => {
    expect(["12", "12.5", "12,50", " 0.000001 "].map(parseMoney)).toEqual([12_000_000, 12_500_000, 12_500_000, 1]);
    expect(["", "-1", "1.0000001", "1.000,50", "1e3", "12 €", "1234567890"].map(parseMoney)).toEqual(
      Array(7).fill(null),
    );
  });
});
