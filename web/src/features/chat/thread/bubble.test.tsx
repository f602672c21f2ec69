import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
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
