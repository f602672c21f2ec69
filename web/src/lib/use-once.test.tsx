import { renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useOnce } from "./use-once";

it("does once what is asked for twice in the same instant, and again when it is over", async () => {
  const { result } = renderHook(() => useOnce());
  const work = vi.fn(() => Promise.reject(new Error("refused")));
  await Promise.all([result.current(work), result.current(work)]);
  expect(work).toHaveBeenCalledTimes(1);
  await result.current(work);
  expect(work).toHaveBeenCalledTimes(2);
});
