import { expect, it } from "vitest";
import { draftOf, problemsOf, settingsOf } from "./carrier-draft";

const good = { ...draftOf(), name: "acme-uk", host: "smpp.example.org", system_id: "convo", country: "gb" };

it("names each field that has to be mended, and none of a good carrier", () => {
  expect(problemsOf(good)).toEqual({});
  expect(settingsOf(good).smpp.country).toBe("GB");
  const bad = { ...good, name: "Ä cme!", host: " ", country: "G", port: "many", price: "free", senderRate: "x" };
  expect(Object.keys(problemsOf(bad)).sort()).toEqual(["country", "host", "name", "port", "price", "senderRate"]);
  expect(problemsOf(bad).name).toMatch(/a to z, digits and hyphens/);
});
