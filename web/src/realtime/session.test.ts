import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as calls from "../api/calls";
import { ApiError, NoAnswer } from "../api/errors";
import type { Session } from "../api/types";
import {
  adoptSession,
  endSessionHere,
  finishLeaving,
  getMe,
  leaveFirst,
  renewToken,
  sessionStatus,
  signOut,
} from "./session";

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

function pendingRefresh() {
  let succeed: (answer: Session) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  refresh.mockReturnValueOnce(
    new Promise((resolves, rejects) => {
      succeed = resolves;
      fail = rejects;
    }),
  );
  return { succeed, fail };
}

it.each([
  ["was heard", null],
  ["was not heard", new NoAnswer()],
])("a renewal that was on its way undoes no signing out that %s", async (_, failure) => {
  const late = pendingRefresh();
  const renewed = renewToken("token");
  if (failure) logout.mockRejectedValueOnce(failure);
  await signOut();
  expect(left()).toBe(failure && "ses_1");
  late.succeed(session("ses_1", "fresh"));
  expect(await renewed).toBe(null);
  expect(sessionStatus()).toBe("out");
  expect(logout).toHaveBeenLastCalledWith("fresh");
  expect(left()).toBe(null);
});

it("keeps trying to end a session that was renewed while its person left", async () => {
  const late = pendingRefresh();
  const renewed = renewToken("token");
  logout.mockRejectedValueOnce(new NoAnswer()).mockRejectedValueOnce(new NoAnswer());
  await signOut();
  late.succeed(session("ses_1", "fresh"));
  await renewed;
  expect(left()).toBe("ses_1");
  refresh.mockResolvedValueOnce(session("ses_1", "fresher"));
  await vi.runOnlyPendingTimersAsync();
  expect(logout).toHaveBeenLastCalledWith("fresher");
  expect(left()).toBe(null);
});

it("takes up no session that another tab has left", async () => {
  localStorage.setItem("convo.left-session", "ses_1");
  refresh.mockResolvedValueOnce(session("ses_1", "fresh"));
  expect(await renewToken("token")).toBe(null);
  expect(sessionStatus()).toBe("out");
  expect(logout).toHaveBeenLastCalledWith("fresh");
});

it("lets nobody sign in over a session that could not be ended yet", async () => {
  logout.mockRejectedValueOnce(new NoAnswer());
  await signOut();
  refresh.mockRejectedValueOnce(new NoAnswer());
  await expect(leaveFirst()).rejects.toBeInstanceOf(NoAnswer);
  expect(left()).toBe("ses_1");
  refresh.mockResolvedValueOnce(session("ses_1", "fresh"));
  await leaveFirst();
  expect(logout).toHaveBeenLastCalledWith("fresh");
  expect(left()).toBe(null);
});

it("remembers a session that was left for as long as it lives", async () => {
  logout.mockRejectedValueOnce(new NoAnswer());
  await signOut();
  adoptSession(session("ses_2"));
  expect(left()).toBe("ses_1");
  localStorage.removeItem("convo.left-session");
});

it("a late refusal for who left does not end the session of the next", async () => {
  const late = pendingRefresh();
  const renewed = renewToken("token");
  endSessionHere(null);
  adoptSession({ ...session("ses_b"), user: { id: "usr_b" } } as Session);
  late.fail(new ApiError({ type: "about:blank", title: "", status: 401, code: "unauthenticated", detail: "" }));
  expect(await renewed).toBe(null);
  expect(getMe()?.id).toBe("usr_b");
  endSessionHere(null);
});
