// What a failed request becomes. Knows codes, never the words of a screen.
import type { Problem } from "./types";

/** The server answered, and refused. */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly retryAfterSecs: number | null;

  constructor(problem: Problem, retryAfterSecs: number | null = null) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
    this.retryAfterSecs = retryAfterSecs;
  }
  get status() {
    return this.problem.status;
  }
  get code() {
    return this.problem.code;
  }
}

/** No answer came: offline, a broken connection, a server that restarts. */
export class NoAnswer extends Error {
  constructor() {
    super("no answer");
    this.name = "NoAnswer";
  }
}

export function isCode(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code);
}

export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

/** Refusals that say nothing about the request itself: the same one may succeed in a moment. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  return error instanceof ApiError && (error.status >= 500 || [401, 408, 425, 429].includes(error.status));
}
