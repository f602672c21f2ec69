import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { UnsentRow } from "./unsent-row";

it("shows a refused message with its text, the reason and both ways on", () => {
  render(
    <UnsentRow
      first
      last
      onJump={() => undefined}
      item={{
        client_id: "c1",
        user_id: "usr_me",
        conversation_id: "conv_1",
        body: "my precious words",
        reply_to_seq: null,
        created_at: "2026-11-21T09:00:00Z",
        place: 1,
        state: "failed",
        reason: { code: "too_long", detail: "" },
        sent_seq: null,
      }}
    />,
  );
  expect(screen.getByText("my precious words")).toBeInTheDocument();
  const alert = screen.getByRole("alert");
  expect(alert).toHaveTextContent("This is too long. Shorten it.");
  expect(within(alert).getByRole("button", { name: "Retry" })).toBeEnabled();
  expect(within(alert).getByRole("button", { name: "Delete" })).toBeEnabled();
});
