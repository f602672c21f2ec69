import { expect, it } from "vitest";
import { ME, message, mine, phoneNumber, smsConversation } from "../../../test/chat-fixtures";
import { ownSides } from "./own-sides";
import { isBegun, matches } from "./use-conversation-list";

const NOWHERE = new Set<string>();
const line = (number_id: string, number: string) => ({
  number_id,
  number,
  party: "+14155550142",
  opted_out_at: null,
});
const support = smsConversation({ id: "conv_a", last_message: message(1), line: line("num_1", "+12125550100") });
const berlin = smsConversation({ id: "conv_b", last_message: message(1), line: line("num_2", "+491713920003") });

it("leaves out where a number was chosen and nothing written, except here", () => {
  const empty = smsConversation();
  expect(isBegun(empty, NOWHERE)).toBe(false);
  expect(isBegun(empty, new Set([empty.id]))).toBe(true);
  expect(isBegun({ ...empty, mine: mine({ pinned_at: "2026-11-21T09:00:00Z" }) }, NOWHERE)).toBe(true);
  expect(isBegun({ ...empty, last_message: message(1) }, NOWHERE)).toBe(true);
  expect(isBegun({ ...empty, kind: "group", line: null }, NOWHERE)).toBe(true);
});

it("tells one's own numbers apart, by label or by their end, once there are two", () => {
  const labelled = phoneNumber({ label: "Support" });
  expect(ownSides([support], [labelled])).toEqual({});
  expect(ownSides([support, berlin], [labelled])).toEqual({
    num_1: { short: "Support", full: "Support · +1 212 555 0100" },
    num_2: { short: "…0003", full: "+49 171 392 0003" },
  });
});

it("finds threads by either number, however it is written, and by the label of one's own", () => {
  const sides = ownSides([support, berlin], [phoneNumber({ label: "Support" })]);
  const found = (filter: string) =>
    [support, berlin].filter((each) => matches(each, filter, {}, ME, sides)).map(({ id }) => id);
  expect(found("0171 392")).toEqual(["conv_b"]);
  expect(found("tel:+1-212-555")).toEqual(["conv_a"]);
  expect(found("supp")).toEqual(["conv_a"]);
  expect(found("415 555")).toEqual(["conv_a", "conv_b"]);
  expect(found("00000")).toEqual([]);
});
