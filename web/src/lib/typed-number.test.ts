import { expect, it } from "vitest";
import { looksLikeNumber, plainNumber, readTyped, searchedDigits } from "./typed-number";

it("knows a number from a name while it is typed", () => {
  expect(["+1 415", "(415) 555-0142", "0171/123456", "24273"].map(looksLikeNumber)).toEqual([true, true, true, true]);
  expect(["", "ana", "4", "a1234", "+", "ana@example.org"].map(looksLikeNumber)).toEqual(Array(6).fill(false));
});

it("reads what is pasted from anywhere as it was meant", () => {
  const pasted = [
    "tel:+1-404-555-0124",
    "TEL:+1-404-555-0124;ext=5",
    "\u202a+1 404 555 0124\u202c",
    "\u2066+1\u00a0404\u00a0555\u00a00124\u2069\u200e",
    "  +1 404 555 0124\u00a0",
    "+١ ٤٠٤ ٥٥٥ ٠١٢٤",
    "+۱ ۴۰۴ ۵۵۵ ۰۱۲۴",
    "＋１ （４０４） ５５５－０１２４",
    "+१ ४०४ ५५५ ०१२४",
    "+1 404\u2011555\u20130124",
  ];
  for (const text of pasted) {
    expect(looksLikeNumber(text), text).toBe(true);
    expect(readTyped(text, "DE"), text).toEqual({ kind: "number", to: "+14045550124", country: "003" });
  }
  expect(plainNumber("𝟘𝟙𝟚")).toBe("012");
});

it("shows whom a national number reaches from each of one's own", () => {
  const reached = (text: string, country: string) => {
    const meant = readTyped(text, country);
    return meant.kind === "number" ? `${meant.to} ${meant.country}` : meant.kind;
  };
  expect(reached("07700 900900", "GB")).toBe("+447700900900 GB");
  expect(reached("07700 900900", "DE")).toBe("+497700900900 DE");
  expect(reached("(404) 555-0124", "US")).toBe("+14045550124 003");
  expect(reached("1 404 555 0124", "CA")).toBe("+14045550124 003");
  expect(reached("8 912 345-67-89", "RU")).toBe("+79123456789 RU");
  expect(reached("800 555 35 35", "RU")).toBe("+78005553535 RU");
  expect(reached("06 12345678", "IT")).toBe("+390612345678 IT");
  expect(reached("612 34 56 78", "ES")).toBe("+34612345678 ES");
  expect(reached("07781 123456", "GG")).toBe("+447781123456 GB");
});

it("reads numbers of other countries wherever they are dialled", () => {
  const e164 = ["+44 (0)7700 900900", "0044 7700 900900", "+447700900900"];
  for (const text of e164)
    expect(readTyped(text, "DE")).toEqual({ kind: "number", to: "+447700900900", country: "GB" });
  expect(readTyped("011 44 7700 900900", "US")).toMatchObject({ to: "+447700900900" });
  expect(readTyped("44 7700 900900", "GB")).toMatchObject({ to: "+447700900900" });
});

it("offers nothing that is certainly too short, and asks about what cannot be", () => {
  const kinds = (country: string, ...texts: string[]) => texts.map((text) => readTyped(text, country).kind);
  expect(kinds("GB", "+44 77", "07700", "077 00 900", "+44")).toEqual(Array(4).fill("too_short"));
  expect(kinds("US", "555-0124", "404 555 012", "+1 404")).toEqual(Array(3).fill("too_short"));
  expect(readTyped("24273", "US")).toEqual({ kind: "short", to: "24273", country: "US" });
  expect(kinds("US", "404 555 0124 99", "+999 1234567")).toEqual(["unclear", "unclear"]);
});

it("searches for the digits that every way of writing has", () => {
  expect(searchedDigits("07700 900")).toBe("7700900");
  expect(searchedDigits("tel:+44 7700")).toBe("447700");
});
