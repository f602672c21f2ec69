import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";
import type { Verification } from "../api/types";
import type { AppRouter } from "./routes";

const showToast = vi.fn();
vi.mock("../ui/toast", () => ({ showToast: (text: string) => showToast(text), showError: vi.fn() }));
const { takeVerification } = await import("./take-verification");

const waiting: Verification = {
  id: "ver_1",
  service: "google",
  service_name: "Google",
  number_id: "num_1",
  temporary: false,
  number: "+447700900123",
  country: "GB",
  mode: "test",
  price_micros: 0,
  status: "waiting",
  code: null,
  took_ms: null,
  created_at: "2026-11-21T12:00:00.000000Z",
  expires_at: "2026-11-21T12:20:00.000000Z",
  ended_at: null,
  version: 1,
};
const at = (pathname: string) => ({ state: { location: { pathname } } }) as AppRouter;
const pages = (verifications: Verification[]) => ({
  pages: [{ verifications, next_cursor: null }],
  pageParams: [null],
});

beforeEach(() => showToast.mockClear());

it("changes every list, never back to what was before, and tells the end once to who is elsewhere", () => {
  const client = new QueryClient();
  client.setQueryData(["verifications", {}], pages([waiting]));
  client.setQueryData(["verifications", { service: "google" }], pages([waiting]));
  const done: Verification = { ...waiting, status: "completed", code: "123456", took_ms: 900, version: 3 };
  takeVerification(client, at("/numbers"), done);
  takeVerification(client, at("/numbers"), { ...done, version: 4 });
  takeVerification(client, at("/numbers"), { ...waiting, version: 2 });
  for (const [, data] of client.getQueriesData<ReturnType<typeof pages>>({ queryKey: ["verifications"] }))
    expect(data?.pages[0]?.verifications).toEqual([{ ...done, version: 4 }]);
  expect(showToast.mock.calls).toEqual([["Google: code 123456"]]);
});

it("says nothing in a toast where the list itself shows it", () => {
  takeVerification(new QueryClient(), at("/verifications"), {
    ...waiting,
    id: "ver_2",
    status: "completed",
    code: "1",
    version: 2,
  });
  expect(showToast).not.toHaveBeenCalled();
});
