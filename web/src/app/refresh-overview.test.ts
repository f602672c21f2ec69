import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { refreshOverview } from "./refresh-overview";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("asks once for however much happens, and then again", () => {
  const client = new QueryClient();
  const asked = vi.spyOn(client, "invalidateQueries");
  for (let n = 0; n < 1000; n += 1) refreshOverview(client);
  expect(asked).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(asked.mock.calls.map(([filters]) => filters?.queryKey)).toEqual([["dashboard"], ["activity"]]);
  refreshOverview(client);
  vi.runAllTimers();
  expect(asked).toHaveBeenCalledTimes(4);
});
