import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { User } from "../../../api/types";
import { resetChat, setChat } from "../../../realtime/chat-store";
import { ANA, loadedState, ME, member, user } from "../../../test/chat-fixtures";
import { NewConversation } from "./new-conversation";

const server = vi.hoisted(() => ({ users: [] as User[] }));
vi.mock("../../../api/calls", () => ({
  findUsers: async (search: string) => ({ users: server.users.filter(({ username }) => username.startsWith(search)) }),
}));
vi.mock("../actions", () => ({ openDirect: async (userId: string) => `conv_${userId}` }));

// Layers are fetched when they are needed, which takes its time on a busy machine.
beforeAll(() => import("../../../ui/dialog-base"));
beforeEach(() => {
  server.users = [];
  resetChat(ME);
});

const open = (onCreated: (id: string) => void = () => undefined) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <NewConversation onClose={() => undefined} onCreated={onCreated} />
    </QueryClientProvider>,
  );

it("suggests whom I wrote with, then others on the server, and never myself", async () => {
  setChat(loadedState(1, { kind: "direct", members: [member(ME), member(ANA)] }));
  server.users = [user("usr_adam"), user(ANA), user(ME)];
  open();
  expect(await screen.findByText("@adam")).toBeInTheDocument();
  const names = screen.getAllByText(/^@/).map(({ textContent }) => textContent);
  expect(names).toEqual(["@ana", "@adam"]);
});

it("takes whoever is meant on Enter, before the server has answered", async () => {
  const created = vi.fn();
  setChat(loadedState(1, { kind: "direct", members: [member(ME), member(ANA)] }));
  server.users = [user("usr_adam"), user("usr_zoe")];
  open(created);
  await screen.findByText("@adam");
  const field = screen.getByLabelText("Find people");
  await userEvent.type(field, "{Enter}");
  await userEvent.type(field, "zo{Enter}");
  await vi.waitFor(() => expect(created).toHaveBeenCalledExactlyOnceWith("conv_usr_zoe"));
});

it("says so when nobody else is there", async () => {
  server.users = [user(ME)];
  open();
  expect(await screen.findByText("Nobody else is here yet.")).toBeInTheDocument();
});

it("takes its complaint back when the group gets a name", async () => {
  open();
  await userEvent.click(await screen.findByRole("button", { name: "New group" }));
  await userEvent.click(await screen.findByRole("button", { name: "Create group" }));
  expect(screen.getByText("Give the group a name.")).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText("Name of the group"), "F");
  expect(screen.queryByText("Give the group a name.")).toBeNull();
});
