import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (language: string) => readFileSync(`${import.meta.dirname}/${language}.po`, "utf8");

function untranslated(po: string): string[] {
  return [...po.matchAll(/^msgid "(.+)"\nmsgstr ""$/gm)].map((match) => match[1] as string);
}

it.each(["de", "more/de"])("has every sentence in German: %s", (catalog) => {
  expect(untranslated(read(catalog))).toEqual([]);
});
