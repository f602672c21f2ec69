// One way to ask the server. Adds the access token, renews it once, and turns refusals into `ApiError`.
import { ApiError, NoAnswer } from "./errors";
import type { Problem } from "./types";

type Credentials = {
  /** Who is signed in. */
  person: () => string | null;
  token: () => string | null;
  /** Brings a new token, or null when the session is over. */
  renew: (refused: string | null) => Promise<string | null>;
};

let credentials: Credentials = { person: () => null, token: () => null, renew: async () => null };

export function setCredentials(next: Credentials) {
  credentials = next;
}

export type Query = Record<string, string | number | boolean | null | undefined>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Options = {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  anonymous?: boolean;
  token?: string;
  /** Names a wish that costs money, so that repeating it costs nothing. */
  wish?: string;
  /** The answer as it came, for files. */
  text?: true;
};

const TIMEOUT_MS = 20_000;

function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `/api${path}?${text}` : `/api${path}`;
}

async function send(method: Method, path: string, options: Options, token: string | null): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (options.wish) headers["idempotency-key"] = options.wish;
  const { body } = options;
  const raw = body instanceof Blob;
  if (body !== undefined) headers["content-type"] = raw ? body.type : "application/json";
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new NoAnswer();
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: `http_${response.status}`,
    detail: "",
  };
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const wait = Number(response.headers.get("retry-after"));
  return new ApiError(
    { ...fallback, ...problem, request_id: problem?.request_id ?? response.headers.get("x-request-id") },
    Number.isFinite(wait) && wait > 0 ? wait : null,
  );
}

/** What one person asked is neither repeated nor answered as the next who signs in here. */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const mine = !options.anonymous && !options.token;
  const token = options.token ?? (mine ? credentials.token() : null);
  const person = credentials.person();
  const isSame = () => person !== null && credentials.person() === person;
  let response = await send(method, path, options, token);
  if (response.status === 401 && mine && isSame()) {
    const renewed = await credentials.renew(token);
    if (!renewed || !isSame()) throw await refusal(response);
    response = await send(method, path, options, renewed);
  }
  const problem = response.ok ? null : await refusal(response);
  const text = problem ? "" : await response.text();
  if (mine && credentials.person() !== null && !isSame()) throw new NoAnswer();
  if (problem) throw problem;
  return (options.text ? text : text ? JSON.parse(text) : undefined) as T;
}
