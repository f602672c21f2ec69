import { expect, it } from "vitest";
import { formatPhone } from "./phone";

it("groups numbers as people read them", () => {
  const shown = [
    "+14155550142",
    "+33612345678",
    "+491713920001",
    "+4915228817386",
    "+971501234567",
    "MyBank",
    "12345",
  ].map((number) => formatPhone(number));
  expect(shown).toEqual([
    "+1 415 555 0142",
    "+33 6 12 34 56 78",
    "+49 171 392 0001",
    "+49 152 2881 7386",
    "+971 501 234 567",
    "MyBank",
    "12345",
  ]);
  expect(formatPhone("+492214710077", "221")).toBe("+49 221 471 0077");
  expect(formatPhone("+493012345678", "30")).toBe("+49 30 1234 5678");
});
