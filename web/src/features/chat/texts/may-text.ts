// Whether the other side of a conversation can be texted now, and if not, why.
import type { Conversation, PhoneNumber } from "../../../api/types";
import { isName } from "../../../lib/phone";

export type Obstacle = "reader" | "released" | "name" | "opted_out" | "unpaid" | "no_texts";

/** `number` is undefined while it is not known: the server then says whether it can. */
export function obstacleOf(
  { my_role, line }: Conversation,
  number: PhoneNumber | null | undefined,
  now = Date.now(),
): Obstacle | null {
  if (!line) return null;
  if (my_role === "reader") return "reader";
  if (number === null) return "released";
  if (isName(line.party)) return "name";
  if (line.opted_out_at) return "opted_out";
  if (!number) return null;
  if (!number.sms) return "no_texts";
  return number.paid_until && Date.parse(number.paid_until) > now ? null : "unpaid";
}
