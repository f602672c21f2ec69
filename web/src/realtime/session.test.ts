import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as calls from "../api/calls";
import { ApiError, NoAnswer } from "../api/errors";
import type { Session } from "../api/types";
import { adoptSession, finishLeaving, sessionStatus, signOut } from "./session";

vi.mock("../api/calls");
const { logout, refresh } = vi.mocked(calls);

const session = (session_id: string, access_token = "token") =>
  ({ access_token, expires_in_secs: 900, session_id, user: { id: "usr_me" } }) as Session;
const left = () => localStorage.getItem("convo.left-session");

beforeEach(() => {
  vi.useFakeTimers();
  logout.mockReset().mockResolvedValue();
  refresh.mockReset();
  adoptSession(session("ses_1"));
});
afterEach(() => {
  vi.useRealTimers();
});

it("ends the session on the server when it answers", async () => {
  await signOut();
  expect(sessionStatus()).toBe("out");
  expect(left()).toBe(null);
});

it("ends a session that was left offline as soon as the server answers", async () => {
  logout.mockRejectedValueOnce(new NoAnswer());
  refresh.mockRejectedValueOnce(new NoAnswer()).mockResolvedValueOnce(session("ses_1", "renewed"));
  await signOut();
  expect(sessionStatus()).toBe("out");
  expect(left()).toBe("ses_1");
  await finishLeaving();
  expect(left()).toBe("ses_1");
  await vi.runOnlyPendingTimersAsync();
  expect(logout).toHaveBeenLastCalledWith("renewed");
  expect(left()).toBe(null);
  expect(sessionStatus()).toBe("out");
});

it("leaves the session of whoever signed in since alone", async () => {
  logout.mockRejectedValueOnce(new NoAnswer());
  await signOut();
  refresh.mockResolvedValueOnce(session("ses_2"));
  await finishLeaving();
  expect(logout).toHaveBeenCalledTimes(1);
  expect(left()).toBe(null);
});

it("has nothing left to do when the session is over anyway", async () => {
  logout.mockRejectedValueOnce(new NoAnswer());
  await signOut();
  refresh.mockRejectedValueOnce(
    new ApiError({ type: "about:blank", title: "", status: 401, code: "unauthenticated", detail: "" }),
  );
  await finishLeaving();
  expect(left()).toBe(null);
});
