import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tokenizer } from "marked";
import { afterEach, expect, it, vi } from "vitest";
import { Boundary, PaneBoundary } from "../../../ui/boundary";
import { plainText } from "../conversations";
import { Bubble } from "./bubble";
import { isEmojiOnly, Markdown, safeHref } from "./markdown";
import { RowBoundary } from "./row-boundary";

const base = { mine: true, first: true, last: true, body: "hello", at: "2026-11-21T09:00:00Z" };

it("says in words how far a message has come", () => {
  const { rerender } = render(<Bubble {...base} state="pending" />);
  expect(screen.getByText("Waiting to be sent")).toBeInTheDocument();
  rerender(<Bubble {...base} state="read" />);
  expect(screen.getByText("Read")).toBeInTheDocument();
});

it("leaves a line where a message was deleted", () => {
  render(<Bubble {...base} body="" deleted />);
  expect(screen.getByText("Message deleted")).toBeInTheDocument();
});

it("opens earlier versions from “edited”", async () => {
  const open = vi.fn();
  render(<Bubble {...base} onHistory={open} />);
  await userEvent.click(screen.getByRole("button", { name: "edited" }));
  expect(open).toHaveBeenCalledOnce();
});

it("renders Markdown as elements and never as HTML", () => {
  const { container } = render(
    <Markdown text={'**bold** `code` [site](https://example.org) <img src=x onerror="boom()">\n\n- one\n- two'} />,
  );
  expect(container.querySelector("strong")).toHaveTextContent("bold");
  expect(screen.getByRole("link", { name: "site" })).toHaveAttribute("rel", "noopener noreferrer");
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(container.querySelector("img")).toBeNull();
  expect(container).toHaveTextContent('<img src=x onerror="boom()">');
});

const TOO_DEEP = {
  quotes: `${">".repeat(4000)}a`,
  "quotes with spaces": "> ".repeat(4000),
  dashes: "- ".repeat(4000),
  "dashes with a word": `${"- ".repeat(4000)}a`,
  stars: "* ".repeat(4000),
  emphasis: `${"*".repeat(4000)}a${"*".repeat(4000)}`,
  "quotes that can be read but not shown": `${">".repeat(1500)}a`,
  "emphasis that can be read but not shown": `${"*a ".repeat(1500)}${" b*".repeat(1500)}`,
};

it.each(Object.entries(TOO_DEEP))("shows a message of too many %s, and the ones beside it", (_, body) => {
  const { container } = render(
    <>
      <Bubble {...base} body="before" />
      <Bubble {...base} body={body} />
    </>,
  );
  expect(screen.getByText("before")).toBeInTheDocument();
  expect(screen.getAllByRole("time")).toHaveLength(2);
  expect(container.querySelectorAll("blockquote, em, li").length).toBeLessThan(50);
  expect(plainText(body).length).toBeLessThanOrEqual(body.length);
  const written = body.match(/[ab]/g)?.length ?? 0;
  expect(container.textContent?.match(/[ab]/g)?.length ?? 0).toBeGreaterThanOrEqual(written);
});

const ENDLESS = {
  "emphasis that ends late": ["*a ", " b*"],
  "strong emphasis that ends late": ["**a ", " b**"],
  "struck words": [" ~a~~", ""],
  "emphasis of two kinds": ["*a_", ""],
  "links within links": ["[a", "](b)"],
};

it.each(Object.entries(ENDLESS))("reads a message of nothing but %s at once", (_, [opens = "", ends = ""]) => {
  const half = Math.floor(8000 / (opens.length + ends.length));
  const body = opens.repeat(half) + ends.repeat(half);
  const read = vi.spyOn(Tokenizer.prototype, "emStrong");
  const { container } = render(<Markdown text={body} />);
  // Each of them looks through all that follows: a few hundred are quick, thousands hold up the page.
  expect(read.mock.calls.length).toBeLessThan(300);
  expect(container.textContent?.match(/[ab]/g)?.length).toBeGreaterThanOrEqual(half);
  read.mockRestore();
});

it("marks every word of a long message that is no attack", () => {
  const lines = Array.from({ length: 300 }, (_, n) => `- **word ${n}** and [link](https://example.org/${n})`);
  const { container } = render(<Markdown text={`${lines.join("\n")}\n\n${"some **bold** words ".repeat(60)}`} />);
  expect(container.querySelectorAll("strong")).toHaveLength(360);
  expect(container.querySelectorAll("a")).toHaveLength(300);
});

it("keeps the room at the beginning of lines, as in code that nobody marked as code", () => {
  const { container } = render(<Markdown text={"def f(a_b):\n    if a_b:\n\treturn *a_b*"} />);
  expect(container.querySelector("p")).toHaveClass("whitespace-pre-wrap");
  expect(container.querySelector("p")?.textContent).toBe("def f(a_b):    if a_b:\treturn a_b");
  const apart = render(<Markdown text={"  def g(a):\n    pass\n\n    return a\n\n```\n  kept\n```"} />).container;
  expect([...apart.querySelectorAll("p")].map(({ textContent }) => textContent)).toEqual([
    "  def g(a):    pass",
    "    return a",
  ]);
  expect(apart.querySelector("pre")?.textContent).toBe("  kept");
});

it("shows marks within marks, and deeper ones as they were written", () => {
  const { container } = render(<Markdown text={`${">".repeat(5)} *a*\n\n${">".repeat(40)}deep`} />);
  expect(container.querySelectorAll("blockquote").length).toBeGreaterThanOrEqual(5);
  expect(container.querySelector("em")).toHaveTextContent("a");
  expect(container).toHaveTextContent(/>>>deep/);
});

let broken = true;
function Broken() {
  if (broken) throw new Error("broken");
  return "mended";
}
afterEach(() => {
  broken = true;
});

it("shows the words of a text whose looks fail", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <Boundary fallback={() => "its words"}>
      <Broken />
    </Boundary>,
  );
  expect(screen.getByText("its words")).toBeInTheDocument();
  silent.mockRestore();
});

it("leaves a line for a message that cannot be shown, and shows it when it can be", async () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <>
      <Bubble {...base} body="before" />
      <RowBoundary>
        <Broken />
      </RowBoundary>
    </>,
  );
  expect(screen.getByText("before")).toBeInTheDocument();
  expect(screen.getByText("This message could not be shown.")).toBeInTheDocument();
  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Show again" }));
  expect(screen.getByText("mended")).toBeInTheDocument();
  silent.mockRestore();
});

it("shows the rest of the page when one part of it fails", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <>
      <p>the list</p>
      <PaneBoundary>
        <Broken />
      </PaneBoundary>
    </>,
  );
  expect(screen.getByText("the list")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Show again" })).toBeInTheDocument();
  silent.mockRestore();
});

it("links only to harmless places", () => {
  expect(safeHref("javascript:alert(1)")).toBeNull();
  expect(safeHref("data:text/html,x")).toBeNull();
  expect(safeHref("/relative")).toBeNull();
  expect(safeHref("https://example.org/a")).toBe("https://example.org/a");
});

it("shows one to three emoji large", () => {
  expect(isEmojiOnly("🎉")).toBe(true);
  expect(isEmojiOnly("👩‍🚀 👍🏽")).toBe(true);
  expect(isEmojiOnly("🎉🎉🎉🎉")).toBe(false);
  expect(isEmojiOnly("1")).toBe(false);
  expect(isEmojiOnly("hi 🎉")).toBe(false);
});

it("keeps the time where the line ends, in whichever direction it is written", () => {
  render(<Bubble {...base} body="שלום! Answer" />);
  const written = screen.getByText("שלום! Answer").closest("[dir=auto]");
  expect(written).toContainElement(screen.getByRole("time"));
  // What has a direction of its own has no say in that of the message.
  expect(screen.getByRole("time")).toHaveAttribute("dir", "auto");
});
