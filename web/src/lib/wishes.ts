// Names for wishes that cost money or send something: whoever presses twice, closes the panel and comes back, or tries
// again after a silence, gets it once.
import { v4 as newId } from "uuid";

const wishes = new Map<string, string>();

/** The same name for the same wish, until it is settled. */
export function wishFor(what: string): string {
  const known = wishes.get(what) ?? newId();
  wishes.set(what, known);
  return known;
}

/** It was granted or refused for good: the next one is another wish. */
export const settleWish = (what: string) => void wishes.delete(what);
