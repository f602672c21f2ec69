import { expect, it } from "vitest";
import { hasOthers, readArea, readContains, readMarketSearch } from "./market-search";

it("keeps what an address says of the marketplace, and leaves out what makes no sense", () => {
  expect(
    readMarketSearch({ country: "US", contains: 77, area: "(212)", can: "voice-sms-fax", number: 12025550100 }),
  ).toEqual({
    country: "US",
    contains: "77",
    area: "212",
    can: "sms-voice",
    number: "12025550100",
  });
  expect(readMarketSearch({ country: "us", kind: "fax", sort: "colour", operator: 3 })).toEqual({});
});

it("reads digits of every script, with or without the country before them", () => {
  expect(["٧٧", "７-7", "𝟟𝟳", "७७", "+49 171", "0049171", "00", "abc"].map((text) => readContains(text, 49))).toEqual([
    "77",
    "77",
    "77",
    "77",
    "49171",
    "49171",
    "00",
    "",
  ]);
  expect(["77", "+49 (171) / 3-4.5", "٧٧"].some(hasOthers)).toBe(false);
  expect(["abc", "7x7"].every(hasOthers)).toBe(true);
});

it("takes the zero before an area where it does not belong to it", () => {
  expect(["030", "30", "+49 30", "0049 30", "٠٣٠"].map((text) => readArea(text, "DE", 49))).toEqual(
    Array(5).fill("30"),
  );
  expect([readArea("06", "IT", 39), readArea("+39 06", "IT", 39), readArea("212", "US", 1)]).toEqual([
    "06",
    "06",
    "212",
  ]);
});
