import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { splitText } from "../../../lib/segments";
import { TextMeter } from "./text-meter";

const said = vi.hoisted(() => ({ announce: vi.fn() }));
vi.mock("../../../ui/live-region", () => said);
beforeEach(() => void vi.clearAllMocks());

const price = { segment_micros: 7900, currency: "USD", mode: "test" } as const;
const changed = vi.fn();
const meter = (body: string, known: typeof price | null = price) => (
  <TextMeter id="meter" body={body} split={splitText(body)} price={known} onChange={changed} />
);

it("tells segments, encoding and price", () => {
  const { rerender } = render(meter(""));
  expect(screen.getByText("$0.0079 per segment")).toBeInTheDocument();
  rerender(meter("ü".repeat(161)));
  expect(screen.getByText("2 segments · GSM-7 · $0.0158")).toBeInTheDocument();
  rerender(meter("hi 👋", null));
  expect(screen.getByText("1 segment · Unicode")).toBeInTheDocument();
});

it("is heard only when the number of segments changes", () => {
  const { rerender } = render(meter(""));
  rerender(meter("a"));
  rerender(meter("a".repeat(160)));
  expect(said.announce).not.toHaveBeenCalled();
  rerender(meter("a".repeat(161)));
  expect(said.announce).toHaveBeenCalledExactlyOnceWith("2 segments · GSM-7 · $0.0158");
});

it("names what forces Unicode, and replaces it with one click", async () => {
  const { rerender } = render(meter("six o’clock"));
  expect(screen.getByText("“’” makes it Unicode: 70 characters per segment, not 160.")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Replace with '" }));
  expect(changed).toHaveBeenCalledWith("six o'clock");
  rerender(meter("a\u00a0b"));
  expect(screen.getByText("“U+00A0” makes it Unicode: 70 characters per segment, not 160.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Replace with a space" })).toBeInTheDocument();
  rerender(meter("“ça” va"));
  await userEvent.click(screen.getByRole("button", { name: "Replace 2 characters" }));
  expect(changed).toHaveBeenLastCalledWith('"ça" va');
});

it("refuses what takes more than ten segments, and says so", () => {
  render(meter("a".repeat(153 * 10 + 1)));
  expect(screen.getByText("11 segments; 10 is the most. Shorten it.")).toBeInTheDocument();
});
