// Through which number of one's own a conversation with a phone runs: told only where there are several.
import { useMemo } from "react";
import type { Conversation, PhoneNumber } from "../../../api/types";
import { formatParty, lastDigits } from "../../../lib/phone";
import { useNumbers } from "../texts/queries";

/** `short` has room in a row; `full` is for those who look or listen closer. */
export type OwnSide = { short: string; full: string };
export type OwnSides = Record<string, OwnSide>;

export function ownSides(conversations: Conversation[], numbers: PhoneNumber[]): OwnSides {
  const used = new Map(conversations.flatMap(({ line }) => (line ? [[line.number_id, line.number]] : [])));
  for (const { id, number } of numbers) used.set(id, number);
  if (used.size < 2) return {};
  const labels = new Map(numbers.map(({ id, label }) => [id, label]));
  return Object.fromEntries(
    [...used].map(([id, number]) => {
      const label = labels.get(id);
      const whole = formatParty(number);
      return [
        id,
        label ? { short: label, full: `${label} · ${whole}` } : { short: `…${lastDigits(number)}`, full: whole },
      ];
    }),
  );
}

const NONE: PhoneNumber[] = [];

export function useOwnSides(conversations: Conversation[]): OwnSides {
  const texts = conversations.some(({ line }) => line !== null);
  const numbers = useNumbers(texts).data?.numbers ?? NONE;
  return useMemo(() => ownSides(conversations, numbers), [conversations, numbers]);
}
