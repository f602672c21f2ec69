import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (language: string) => readFileSync(`${import.meta.dirname}/${language}.po`, "utf8");

function untranslated(po: string): string[] {
  return [...po.matchAll(/^msgid "(.+)"\nmsgstr ""$/gm)].map((match) => match[1] as string);
}

it("has every sentence in German", () => {
  expect(untranslated(read("de"))).toEqual([]);
});
