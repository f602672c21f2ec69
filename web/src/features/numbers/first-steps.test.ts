import { expect, it } from "vitest";
import type { Handset, HandsetMessage, PhoneNumber } from "../../api/types";
import { firstSteps, stepsDone } from "./first-steps";

const AT = "2026-11-21T09:00:00Z";
const LATER = "2026-11-21T10:00:00Z";
const number = (state = "owned", owner_id = "me", created_at = AT) =>
  ({ number: "+12025550100", state, owner_id, mode: "test", created_at }) as PhoneNumber;
const handset = { id: "hs", created_at: AT } as Handset;

it("begins with the gift of set-up, and with nothing else", () => {
  expect(firstSteps("me", [number()], [handset])).toEqual({ number: number(), handset });
  expect(firstSteps("me", [], [])).toBeNull();
  expect(firstSteps("me", [number("ordering")], [handset])).toBeNull();
  expect(firstSteps("me", [number("owned", "other")], [handset])).toBeNull();
});

it("goes on with them when a number was bought or a handset made before all was done", () => {
  const bought = number("owned", "me", LATER);
  const made = { id: "hs2", created_at: LATER } as Handset;
  expect(firstSteps("me", [bought, number()], [made, handset])).toEqual({ number: number(), handset });
});

it("reads off the handset what was done", () => {
  const message = (sent: boolean, peer = "+12025550100", lost = false) =>
    ({ sent, peer, lost, missing_parts: 0 }) as HandsetMessage;
  expect(stepsDone([], "+12025550100")).toEqual({ texted: false, answered: false });
  expect(stepsDone([message(true, "+1"), message(true, undefined, true)], "+12025550100").texted).toBe(false);
  expect(stepsDone([message(true), message(false)], "+12025550100")).toEqual({ texted: true, answered: true });
});
