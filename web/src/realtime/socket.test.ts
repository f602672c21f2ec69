import { describe, expect, it } from "vitest";
import { fitsFrame, retryDelay } from "./socket";

it("waits a random time up to a limit that doubles and ends at thirty seconds", () => {
  const longest = [0, 1, 2, 5, 6, 20].map((attempt) => retryDelay(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
  expect(retryDelay(6, () => 0)).toBe(0);
});

describe("a message", () => {
  const frame = (body: string) =>
    ({ type: "message.send", conversation_id: "conv_1", client_id: "0192", body, reply_to_seq: 1 }) as const;

  it("of the longest text, even of emoji or of what is escaped, fits into a frame", () => {
    expect(fitsFrame(frame("😀".repeat(8000)))).toBe(true);
    expect(fitsFrame(frame("\u0001".repeat(8000)))).toBe(true);
  });

  it("that is larger than a frame is not sent as one", () => {
    expect(fitsFrame(frame("a".repeat(65_400)))).toBe(false);
    expect(fitsFrame(frame("😀".repeat(16_380)))).toBe(false);
  });
});
