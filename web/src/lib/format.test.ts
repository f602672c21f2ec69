import { describe, expect, it } from "vitest";
import { daysAgo, formatCount, formatDate, formatDay, formatList, formatShort, initials } from "./format";

const NOW = new Date(2026, 10, 21, 12, 0);
const at = (day: number, hour = 9, minute = 5) => new Date(2026, 10, day, hour, minute);

describe("times", () => {
  it("say the clock today, then words, then the date", () => {
    expect(formatShort(at(21), NOW)).toBe("09:05");
    expect(formatShort(at(20), NOW)).toBe("Yesterday");
    expect(formatShort(at(18), NOW)).toBe("Wed");
    expect(formatShort(at(3), NOW)).toMatch(/Nov/);
    expect(formatShort(new Date(2024, 1, 3), NOW)).toMatch(/24/);
  });

  it("name days for the lines between messages", () => {
    expect(formatDay(at(21), NOW)).toBe("Today");
    expect(formatDay(at(20), NOW)).toBe("Yesterday");
    expect(formatDay(at(18), NOW)).toBe("Wednesday");
    expect(formatDay(new Date(2024, 4, 3), NOW)).toMatch(/2024/);
  });

  it("say the date within sentences", () => {
    expect(formatDate(at(21), NOW)).toMatch(/^(21 November|November 21)$/);
    expect(formatDate(new Date(2024, 4, 3), NOW)).toMatch(/2024/);
  });

  it("count days by the calendar, not by hours", () => {
    expect(daysAgo(new Date(2026, 10, 20, 23, 59), new Date(2026, 10, 21, 0, 1))).toBe(1);
    expect(daysAgo(new Date(2026, 2, 28, 12), new Date(2026, 2, 30, 1))).toBe(2);
  });
});

it("shortens large numbers and says where counting stopped", () => {
  expect(formatCount(7)).toBe("7");
  expect(formatCount(12_400)).toBe("12.4K");
  expect(formatCount(1000, 1000)).toBe("1K+");
});

it("takes initials from the first and the last name", () => {
  expect(initials("Ana Maria Torres")).toBe("AT");
  expect(initials("ana")).toBe("A");
  expect(initials("👩‍🚀 Eve")).toBe("👩‍🚀E");
  expect(initials("")).toBe("");
});

it("joins names as people do", () => {
  expect(formatList(["Ana", "Ben"])).toBe("Ana and Ben");
});
