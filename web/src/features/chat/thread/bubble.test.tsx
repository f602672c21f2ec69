import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { plainText } from "../conversations";
import { BodyBoundary } from "./body-boundary";
import { Bubble } from "./bubble";
import { isEmojiOnly, Markdown, safeHref } from "./markdown";

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

it("shows marks within marks, and deeper ones as they were written", () => {
  const { container } = render(<Markdown text={`${">".repeat(5)} *a*\n\n${">".repeat(40)}deep`} />);
  expect(container.querySelectorAll("blockquote").length).toBeGreaterThanOrEqual(5);
  expect(container.querySelector("em")).toHaveTextContent("a");
  expect(container).toHaveTextContent(/>>>deep/);
});

function Broken(): never {
  throw new Error("broken");
}

it("shows the words of a text whose looks fail", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <BodyBoundary fallback="its words">
      <Broken />
    </BodyBoundary>,
  );
  expect(screen.getByText("its words")).toBeInTheDocument();
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
