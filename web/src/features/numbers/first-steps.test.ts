import { expect, it } from "vitest";
import type { Handset, HandsetMessage, PhoneNumber } from "../../api/types";
import { firstSteps, stepsDone } from "./first-steps";

const number = (state = "owned", owner_id = "me") =>
  ({ number: "+12025550100", state, owner_id, mode: "test" }) as PhoneNumber;
const handset = { id: "hs" } as Handset;

it("begins with the gift of set-up, and with nothing else", () => {
  expect(firstSteps("me", [number()], [handset])).toEqual({ number: number(), handset });
  expect(firstSteps("me", [], [])).toBe("waiting");
  expect(firstSteps("me", [number("ordering")], [handset])).toBe("waiting");
  expect(firstSteps("me", [number("owned", "other")], [handset])).toBe("waiting");
  expect(firstSteps("me", [number(), number()], [handset])).toBe("over");
  expect(firstSteps("me", [number()], [handset, handset])).toBe("over");
});

it("reads off the handset what was done", () => {
  const message = (sent: boolean, peer = "+12025550100", lost = false) =>
    ({ sent, peer, lost, missing_parts: 0 }) as HandsetMessage;
  expect(stepsDone([], "+12025550100")).toEqual({ texted: false, answered: false });
  expect(stepsDone([message(true, "+1"), message(true, undefined, true)], "+12025550100").texted).toBe(false);
  expect(stepsDone([message(true), message(false)], "+12025550100")).toEqual({ texted: true, answered: true });
});
