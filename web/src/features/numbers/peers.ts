// With whom a handset can text, and with whom it did.
import type { HandsetMessage, PhoneNumber } from "../../api/types";

/** Those it texted with last first, then the numbers that could be texted. */
export function peersOf(messages: HandsetMessage[], numbers: PhoneNumber[]): string[] {
  const usable = numbers.filter(({ sms, mode, state }) => sms && mode === "test" && state === "owned");
  return [...new Set([...messages.map(({ peer }) => peer), ...usable.map(({ number }) => number)])];
}

/** A name is no number: nobody can answer it. */
export const canAnswer = (peer: string) => /^\+\d+$/.test(peer);

/** What was bought last of what is mine and simulated: phones beside it text it first. */
export function newestOwn(numbers: PhoneNumber[]): PhoneNumber | undefined {
  const own = numbers.filter(({ my_role, mode }) => my_role === "owner" && mode === "test");
  return own.toSorted((a, b) => b.created_at.localeCompare(a.created_at))[0];
}
