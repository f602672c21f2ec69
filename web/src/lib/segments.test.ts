import { describe, expect, it } from "vitest";
import fixtures from "../../../crates/phone/fixtures/segments.json";
import { offenders, plainer, splitText } from "./segments";

describe("segments", () => {
  it("are those of the server, in every case that it is tested with", () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(97);
    for (const { text, encoding, segments } of fixtures) expect(splitText(text)).toEqual({ encoding, segments });
  });

  it("join to what was written", () => {
    for (const { text } of fixtures) {
      const joined = splitText(text).segments.map((segment) => segment.text);
      expect(joined.join("")).toBe(text);
    }
  });

  it("of eight thousand emoji are found while somebody types", () => {
    const text = "👩‍👩‍👧‍👦 ".repeat(700);
    const started = performance.now();
    splitText(text);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe("characters that force Unicode", () => {
  it("are named once each, with what could stand in their place", () => {
    expect(offenders("“Grüß Gott” – ça va? €5")).toEqual([
      { character: "“", replacement: '"' },
      { character: "”", replacement: '"' },
      { character: "–", replacement: "-" },
      { character: "ç", replacement: null },
    ]);
    expect(offenders("all plain: {[~]}")).toEqual([]);
  });

  it("go wherever they stand", () => {
    expect(plainer("a – b – c…", { character: "–", replacement: "-" })).toBe("a - b - c…");
    expect(plainer("ça", { character: "ç", replacement: null })).toBe("ça");
  });
});
