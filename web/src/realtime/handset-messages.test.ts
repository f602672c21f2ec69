import { expect, it } from "vitest";
import type { HandsetMessage } from "../api/types";
import { type HandsetPages, withHandsetMessage } from "./handset-messages";

const text = (id: string, place: number, change = place, words = id): HandsetMessage => ({
  id,
  handset_id: "hs_1",
  place,
  sent: false,
  peer: "+12025550100",
  text: words,
  missing_parts: 0,
  lost: false,
  at: "2026-11-21T12:00:00Z",
  change,
});
const known = {
  pages: [{ messages: [text("c", 7), text("b", 4)] }, { messages: [text("a", 2)] }],
  pageParams: [null, 4],
};
const shown = (data: HandsetPages) => data.pages.map(({ messages }) => messages.map((each) => each.text));

it("puts what comes in its place, and what changed over its older state alone", () => {
  expect(shown(withHandsetMessage(known, text("d", 9)))).toEqual([["d", "c", "b"], ["a"]]);
  expect(shown(withHandsetMessage(known, text("x", 5)))).toEqual([["c", "x", "b"], ["a"]]);
  expect(shown(withHandsetMessage(known, text("a", 2, 12, "a, whole")))).toEqual([["c", "b"], ["a, whole"]]);
  expect(shown(withHandsetMessage(known, text("c", 7, 3, "older")))).toEqual([["c", "b"], ["a"]]);
});
