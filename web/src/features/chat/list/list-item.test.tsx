import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { chatStore, resetChat, setChat } from "../../../realtime/chat-store";
import { ANA, conversation, ID, loadedState, ME, member, message } from "../../../test/chat-fixtures";
import { ListItem } from "./list-item";

vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: ReactNode }) => children }));
const draft = vi.hoisted(() => ({ text: "" }));
const outbox = vi.hoisted(() => ({ refused: undefined as { body: string; kind?: string } | undefined }));
vi.mock("../../../realtime/outbox", () => ({ useRefused: () => outbox.refused }));
vi.mock("../drafts", () => ({ useDraftText: () => draft.text }));

const read = { members: [member(ME), member(ANA, { read_seq: 9, delivered_seq: 9 })] };
const show = (over: Parameters<typeof conversation>[0] = {}) => {
  const last_message = message(3, { sender_id: ME, body: "my words" });
  const shown = conversation({ ...read, kind: "direct", last_message, ...over });
  return render(<ListItem conversation={shown} selected={false} archived={false} tabbable />);
};

beforeEach(() => {
  draft.text = "";
  outbox.refused = undefined;
  resetChat(ME);
  setChat(loadedState(3));
});

it("says how far my last message has come", () => {
  show();
  expect(screen.getByText("my words")).toBeInTheDocument();
  expect(screen.getByText("Read")).toBeInTheDocument();
});

it("says nothing of it while the other one is typing", () => {
  chatStore.setState({ typing: { [ID]: { [ANA]: Date.now() + 5000 } } });
  show();
  expect(screen.getByText("typing…")).toBeInTheDocument();
  expect(screen.queryByText("Read")).toBeNull();
});

it("says nothing of it beside a draft", () => {
  draft.text = "not yet sent";
  show();
  expect(screen.getByText("Draft:")).toBeInTheDocument();
  expect(screen.queryByText("Read")).toBeNull();
});

it("says nothing of a message that I hid from myself", () => {
  show({ mine: { ...conversation().mine, hidden_seqs: [3] } });
  expect(screen.queryByText("my words")).toBeNull();
  expect(screen.queryByText("Read")).toBeNull();
});

it("shows what was refused as long as it waits, before anything else of mine", () => {
  outbox.refused = { body: "it costs *nothing*", kind: "text" };
  draft.text = "not yet sent";
  show();
  expect(screen.getByText("Not sent")).toBeInTheDocument();
  expect(screen.getByText("it costs *nothing*")).toBeInTheDocument();
  expect(screen.queryByText("my words")).toBeNull();
});
