import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { request, setCredentials } from "./client";
import { ApiError, NoAnswer } from "./errors";

let person: string | null = "usr_a";
let token: string | null = "token of a";
const renew = vi.fn<(refused: string | null) => Promise<string | null>>();
const fetched = vi.fn<typeof fetch>();
const sentAs = () => fetched.mock.calls.map(([, init]) => new Headers(init?.headers).get("authorization"));
const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });

function signsIn(id: string | null) {
  person = id;
  token = id && `token of ${id}`;
}

beforeEach(() => {
  signsIn("usr_a");
  renew.mockReset();
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  setCredentials({ person: () => person, token: () => token, renew });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it("repeats a refused request once with a new token of the same person", async () => {
  fetched.mockResolvedValueOnce(answer(401)).mockResolvedValueOnce(answer(200, { fine: true }));
  renew.mockResolvedValue("new token");
  expect(await request("GET", "/me")).toEqual({ fine: true });
  expect(sentAs()).toEqual(["Bearer token of usr_a", "Bearer new token"]);
});

it("never repeats what one person sent as the next", async () => {
  fetched.mockResolvedValueOnce(answer(401));
  renew.mockImplementation(async () => {
    signsIn("usr_b");
    return token;
  });
  await expect(request("POST", "/conversations/conv_1/messages", { body: {} })).rejects.toBeInstanceOf(ApiError);
  expect(sentAs()).toEqual(["Bearer token of usr_a"]);
});

it("asks for no new token when who asked has left meanwhile", async () => {
  fetched.mockImplementationOnce(async () => {
    signsIn(null);
    return answer(401);
  });
  await expect(request("GET", "/me")).rejects.toBeInstanceOf(ApiError);
  expect(renew).not.toHaveBeenCalled();
});

it.each([200, 404])("keeps an answer (%s) for one person from the next", async (status) => {
  fetched.mockImplementationOnce(async () => {
    signsIn("usr_b");
    return answer(status);
  });
  await expect(request("GET", "/conversations/conv_1")).rejects.toBeInstanceOf(NoAnswer);
});

it("answers what needs nobody signed in, whoever signs in meanwhile", async () => {
  fetched.mockImplementationOnce(async () => {
    signsIn("usr_b");
    return answer(200, { fine: true });
  });
  expect(await request("POST", "/auth/login", { anonymous: true })).toEqual({ fine: true });
});
