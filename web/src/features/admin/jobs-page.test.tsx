import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { FailedJob } from "../../api/types";
import { JobsPage } from "./jobs-page";

const AT = "2026-11-21T09:00:00Z";
const base = { queue: "mail.send", last_error: "connection refused", retry_at: null, parked_at: null };
const jobs: FailedJob[] = [
  { ...base, id: "1", attempts: 12, parked_at: AT },
  { ...base, id: "2", attempts: 1, retry_at: AT },
];
vi.mock("../../api/calls", () => ({ listFailedJobs: async () => ({ jobs }) }));

it("shows what gave up with a way to try again, and what is tried again by itself with its time", async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <JobsPage />
    </QueryClientProvider>,
  );
  const row = async (text: string) => within((await screen.findByText(text)).closest("li") as HTMLElement);
  const parked = await row("A mail was not sent after 12 attempts.");
  expect(parked.getByRole("button", { name: "Try again" })).toBeInTheDocument();
  const waiting = await row("A mail could not be sent yet, after 1 attempt.");
  expect(waiting.getByText(/^Next attempt: /)).toBeInTheDocument();
  expect(waiting.queryByRole("button")).toBeNull();
});
