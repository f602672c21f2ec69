// The first text of a new server: what was done of it is read off the handset.
import type { Handset, HandsetMessage, PhoneNumber } from "../../api/types";

export type FirstSteps = { number: PhoneNumber; handset: Handset };

/** What set-up gave: one simulated number of one's own and one handset. Whoever has more has begun long ago. */
export function firstSteps(me: string, numbers: PhoneNumber[], handsets: Handset[]): FirstSteps | "waiting" | "over" {
  const own = numbers.filter(({ owner_id, mode }) => owner_id === me && mode === "test");
  const [number] = own;
  const [handset] = handsets;
  if (own.length > 1 || handsets.length > 1) return "over";
  return number?.state === "owned" && handset ? { number, handset } : "waiting";
}

/** The text left the handset, and an answer came back to it. */
export function stepsDone(messages: HandsetMessage[], number: string): { texted: boolean; answered: boolean } {
  const ours = messages.filter(({ peer }) => peer === number);
  return {
    texted: ours.some(({ sent, lost }) => sent && !lost),
    answered: ours.some(({ sent, missing_parts }) => !sent && missing_parts === 0),
  };
}
