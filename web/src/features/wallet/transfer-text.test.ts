import { describe, expect, it } from "vitest";
import type { Transfer } from "../../api/types";
import { balanceChange, transferText } from "./transfer-text";

const moved = (from: Transfer["from_account"], to: Transfer["to_account"]): Transfer => ({
  id: "trf_1",
  mode: "test",
  from_account: from,
  to_account: to,
  amount_micros: 5,
  balance_micros: 9,
  about: "",
  created_at: "2026-11-21T12:00:00.000000Z",
});

describe("a movement of money", () => {
  it("says what it was and what the balance changed by", () => {
    const told = (
      [
        ["payments", "wallet"],
        ["administrators", "wallet"],
        ["wallet", "administrators"],
        ["wallet", "texts"],
        ["texts", "wallet"],
        ["wallet", "held"],
        ["held", "numbers"],
        ["held", "wallet"],
      ] as const
    ).map(([from, to]) => [transferText(moved(from, to)), balanceChange(moved(from, to))]);
    expect(told).toEqual([
      ["Top-up", 5],
      ["By an administrator", 5],
      ["By an administrator", -5],
      ["Text message", -5],
      ["Refund", 5],
      ["Set aside", -5],
      ["Phone number", 0],
      ["No longer set aside", 5],
    ]);
  });
});
