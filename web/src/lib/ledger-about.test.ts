import { expect, it } from "vitest";
import { aboutText, verifiedService } from "./ledger-about";

it("reads what the ledger wrote", () => {
  expect(["Verification: Google", "+12025550100", "short:US:24273", "Transfer of 21 Nov", ""].map(aboutText)).toEqual([
    "Verification: Google",
    "+1 202 555 0100",
    "24273",
    "Transfer of 21 Nov",
    "",
  ]);
  expect([verifiedService("Verification: Google"), verifiedService("+12025550100")]).toEqual(["Google", null]);
});
