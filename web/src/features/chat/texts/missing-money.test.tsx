import { render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { PhoneNumber } from "../../../api/types";
import type { Reason } from "../../../realtime/outbox";
import { phoneNumber } from "../../../test/chat-fixtures";
import { MissingMoney } from "./missing-money";

const has = vi.hoisted(() => ({ number: null as PhoneNumber | null }));
vi.mock("./queries", () => ({ useOwnNumber: () => has.number, useWallets: () => ({ data: { currency: "USD" } }) }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search: { mode?: string }; children: string }) => (
    <a href={`${to}?mode=${search.mode ?? ""}`}>{children}</a>
  ),
}));
beforeEach(() => {
  has.number = null;
});

// The sentence is for people: its words may change.
const reason: Reason = { code: "not_enough_money", detail: "Too little.", missing_micros: 12_500, mode: "test" };
const show = (over: Partial<Reason> = {}) =>
  render(<MissingMoney conversationId="conv_1" reason={{ ...reason, ...over }} />);

it("says how much the wallet lacks, from the number and not from the sentence", () => {
  show();
  expect(screen.getByText("The wallet lacks $0.0125. Top it up, then retry.")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Open wallet" })).toHaveAttribute("href", "/settings/wallet?mode=");
});

it("opens the wallet that would have paid", () => {
  show({ mode: "live" });
  expect(screen.getByRole("link", { name: "Open wallet" })).toHaveAttribute("href", "/settings/wallet?mode=live");
});

it("says so without an amount if none was told", () => {
  show({ missing_micros: null });
  expect(screen.getByText("There is too little in the wallet. Top it up, then try again.")).toBeInTheDocument();
});

it("asks colleagues to ask the owner, whose wallet it is", () => {
  has.number = phoneNumber({ my_role: "answer" });
  show();
  expect(screen.getByText("The wallet of this number's owner has too little. Ask them.")).toBeInTheDocument();
  expect(screen.queryByRole("link")).toBeNull();
});
