import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { Message } from "../../../api/types";
import { noteWaiting, noteWritten } from "../../../realtime/undo";
import { text } from "../../../test/chat-fixtures";
import { failureText } from "./failure-text";
import { TextFate } from "./text-fate";

const did = vi.hoisted(() => ({ again: vi.fn(), undone: vi.fn() }));
vi.mock("./actions", () => ({ sendAgain: did.again, undoText: did.undone }));
beforeEach(() => void vi.clearAllMocks());

const failed = (failure: number | null): Message => {
  const message = text(1, "failed");
  return { ...message, delivery: { ...message.delivery!, failure } };
};
const show = (message: Message, canText = true) => <TextFate message={message} mine canText={canText} />;

it("says why a text failed in words, then the code, and sends it anew", async () => {
  render(show(failed(30003)));
  expect(screen.getByText("Phone is off or out of reach. Retry. (30003)")).toBeInTheDocument();
  // What failed before it was looked at interrupts nobody.
  expect(screen.queryByRole("alert")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(did.again).toHaveBeenCalledOnce();
});

it("tells at once what fails while it is seen", () => {
  const { rerender } = render(show(text(1, "submitted")));
  rerender(show(failed(30007)));
  expect(screen.getByRole("alert")).toHaveTextContent("The carrier took it for spam.");
});

it("offers to send nothing again that would fail again, and nothing that may not be sent", () => {
  render(show(failed(30005)));
  expect(screen.queryByRole("button")).toBeNull();
  render(show(failed(30003), false));
  expect(screen.queryByRole("button")).toBeNull();
});

it("leaves it to people what may have arrived", async () => {
  render(show(text(1, "unknown")));
  expect(screen.getByText("May have arrived. Not sent again by itself.")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  expect(did.again).toHaveBeenCalledOnce();
});

it("has words for every code, and for one that nobody knows", () => {
  const codes = [30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30036, 21606, 21211, 21610];
  expect(new Set(codes.map(failureText)).size).toBe(codes.length);
  for (const code of codes) expect(failureText(code)).toContain(`(${code})`);
  expect(failureText(99)).toBe("It did not arrive. Retry. (99)");
  expect(failureText(null)).toBe("It did not arrive. Retry.");
});

it("can be undone where it was written, and nowhere else", async () => {
  const queued = text(1, "queued", { created_at: "2026-11-21T09:00:00Z" });
  const waiting = { ...queued, delivery: { ...queued.delivery!, due_at: "2026-11-21T09:00:05Z" } };
  noteWaiting(waiting);
  const { unmount } = render(show(waiting));
  expect(screen.queryByRole("button")).toBeNull();
  unmount();
  noteWritten(waiting.client_id!);
  noteWaiting(waiting);
  render(show(waiting));
  expect(screen.getByText(/Leaves in [45] seconds/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(did.undone).toHaveBeenCalledWith(waiting);
});
