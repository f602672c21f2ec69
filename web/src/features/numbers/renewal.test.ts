import { describe, expect, it } from "vitest";
import type { PhoneNumber } from "../../api/types";
import { byExpiry, endsSoon, formatDistance, renewalOf } from "./renewal";

const NOW = new Date(2026, 10, 21, 12, 0);
const inDays = (days: number) => new Date(2026, 10, 21 + days, 12, 0).toISOString();
const number = (change: Partial<PhoneNumber> = {}): PhoneNumber => ({
  id: "num_1",
  number: "+12025550100",
  owner_id: "usr_1",
  my_role: "owner",
  carrier: "simulator",
  mode: "test",
  country: "US",
  kind: "fixed_line_or_mobile",
  area_code: "202",
  place: "Washington",
  operator: "Liberty Mobile",
  sms: true,
  mms: true,
  voice: true,
  monthly_micros: 1_150_000,
  state: "owned",
  label: "",
  auto_renew: true,
  paid_until: inDays(30),
  grace_until: null,
  cancelled_at: null,
  created_at: inDays(0),
  version: 1,
  ...change,
});

describe("the renewal of a number", () => {
  it("is told in words", () => {
    const told = [
      number(),
      number({ auto_renew: false }),
      number({ auto_renew: false, paid_until: inDays(2) }),
      number({ cancelled_at: inDays(0) }),
      number({ paid_until: inDays(-1), grace_until: inDays(13) }),
      number({ state: "ordering", paid_until: null }),
    ].map((each) => [renewalOf(each, NOW).text, renewalOf(each, NOW).tone]);
    expect(told).toEqual([
      ["Renews on December 21", "plain"],
      ["Paid until December 21", "plain"],
      ["Paid until November 23", "warn"],
      ["Ends on December 21", "warn"],
      ["Not paid. It is given back on December 4.", "danger"],
      ["Is being bought", "plain"],
    ]);
    expect([1, 30, -1].map((days) => formatDistance(inDays(days), NOW))).toEqual([
      "tomorrow",
      "in 30 days",
      "yesterday",
    ]);
  });

  it("is urged only when it is near, or missed", () => {
    const near = [
      number(),
      number({ paid_until: inDays(6) }),
      number({ paid_until: inDays(5) }),
      number({ paid_until: inDays(-1), grace_until: inDays(13) }),
    ].map((each) => endsSoon(each, NOW));
    expect(near).toEqual([false, false, true, true]);
  });

  it("puts first what is about to go, and last what belongs to others", () => {
    const sorted = byExpiry([
      number({ id: "shared", my_role: "read", paid_until: inDays(1) }),
      number({ id: "long" }),
      number({ id: "soon", paid_until: inDays(3) }),
      number({ id: "ends", cancelled_at: inDays(0) }),
      number({ id: "grace", grace_until: inDays(9) }),
    ]);
    expect(sorted.map(({ id }) => id)).toEqual(["grace", "ends", "soon", "long", "shared"]);
  });
});
