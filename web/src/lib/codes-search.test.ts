import { describe, expect, it } from "vitest";
import { codesQuery, readCodesSearch } from "./codes-search";

describe("the address of the list of verifications", () => {
  it("leaves out what makes no sense", () => {
    expect(readCodesSearch({ status: "lost", from: "yesterday", q: "", service: 7 })).toEqual({ service: "7" });
    expect(readCodesSearch({ status: "expired", to: "2026-11-21" })).toEqual({ status: "expired", to: "2026-11-21" });
  });

  it("asks for whole days, the last one included", () => {
    const { from, to } = codesQuery({ from: "2026-11-21", to: "2026-11-21" });
    expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
  });
});
