import { describe, expect, it } from "vitest";
import { isTooLong, leftText, tookText } from "./words";

describe("times in words", () => {
  it("counts minutes, and seconds in the last one", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(leftText("2026-11-21T12:20:00Z", now)).toBe("20 minutes left");
    expect(leftText("2026-11-21T12:01:00Z", now)).toBe("60 seconds left");
    expect(leftText("2026-11-21T12:00:01Z", now)).toBe("1 second left");
    expect(leftText("2026-11-21T11:00:00Z", now)).toBe("0 seconds left");
  });

  it("knows when the name of a service is too long, counted as people count", () => {
    expect([isTooLong("😀".repeat(60)), isTooLong("a".repeat(61)), isTooLong(`  ${"a".repeat(60)}  `)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("says how long a code took", () => {
    expect([tookText(412), tookText(12_400), tookText(185_000)]).toEqual(["0.4 s", "12 s", "3 min 5 s"]);
  });
});
