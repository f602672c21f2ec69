import { expect, it } from "vitest";
import { formatParty, formatPhone, isName } from "./phone";

it("groups numbers as people read them", () => {
  const shown = [
    "+14155550142",
    "+33612345678",
    "+447700900903",
    "+491713920001",
    "+4915228817386",
    "+971501234567",
    "MyBank",
    "12345",
  ].map((number) => formatPhone(number));
  expect(shown).toEqual([
    "+1 415 555 0142",
    "+33 6 12 34 56 78",
    "+44 7700 900903",
    "+49 171 392 0001",
    "+49 152 2881 7386",
    "+971 501 234 567",
    "MyBank",
    "12345",
  ]);
  expect(formatPhone("+492214710077", "221")).toBe("+49 221 471 0077");
  expect(formatPhone("+493012345678", "30")).toBe("+49 30 1234 5678");
  expect(formatPhone("+442079460018", "20")).toBe("+44 20 7946 0018");
  expect(formatPhone("+442079460018")).toBe("+44 20 7946 0018");
});

it("loses no digit, however long a number is", () => {
  for (let length = 6; length <= 15; length += 1) {
    for (const code of ["1", "7", "20", "33", "44", "49", "971"]) {
      const number = `+${code}${"123456789012345".slice(0, length - code.length)}`;
      expect(formatParty(number).replaceAll(" ", "")).toBe(number);
      expect(formatParty(number)).not.toMatch(/ {2}| $/);
    }
  }
});

it("leaves short codes and names as people know them", () => {
  expect(formatParty("short:US:24273")).toBe("24273");
  expect(formatParty("Acme Bank")).toBe("Acme Bank");
  expect(["+14155550142", "short:US:24273", "Acme Bank"].map(isName)).toEqual([false, false, true]);
});
