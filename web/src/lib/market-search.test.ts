import { expect, it } from "vitest";
import { readMarketSearch } from "./market-search";

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
