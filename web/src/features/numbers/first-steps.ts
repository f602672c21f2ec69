// The first text of a new server: what was done of it is read off the handset.
import type { Handset, HandsetMessage, PhoneNumber } from "../../api/types";

export type FirstSteps = { number: PhoneNumber; handset: Handset };

const first = <Item extends { created_at: string }>(items: Item[]): Item | undefined =>
  items.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))[0];

/** What set-up gave: the first simulated number of one's own, and the first handset. What came since ends nothing. */
export function firstSteps(me: string, numbers: PhoneNumber[], handsets: Handset[]): FirstSteps | null {
  const number = first(numbers.filter(({ owner_id, mode }) => owner_id === me && mode === "test"));
  const handset = first(handsets);
  return number?.state === "owned" && handset ? { number, handset } : null;
}

/** The text left the handset, and an answer came back to it. */
export function stepsDone(messages: HandsetMessage[], number: string): { texted: boolean; answered: boolean } {
  const ours = messages.filter(({ peer }) => peer === number);
  return {
    texted: ours.some(({ sent, lost }) => sent && !lost),
    answered: ours.some(({ sent, missing_parts }) => !sent && missing_parts === 0),
  };
}
