import { expect, it } from "vitest";
import { notYetText } from "./words";

it("promises nothing of a number but texts", () => {
  const told = [
    { sms: true, mms: true, voice: true },
    { sms: true, mms: true, voice: false },
    { sms: true, mms: false, voice: true },
    { sms: true, mms: false, voice: false },
  ].map(notYetText);
  expect(told).toEqual(["MMS and calls: not in Convo yet", "MMS: not in Convo yet", "Calls: not in Convo yet", null]);
});
