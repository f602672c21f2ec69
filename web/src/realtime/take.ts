// Puts a change into the store and hands its effects to whoever carries them out.
import { getChat, setChat } from "./chat-store";
import type { Change, Effect } from "./state";

let carryOut: (effect: Effect) => void = () => undefined;

export const setEffects = (run: (effect: Effect) => void) => {
  carryOut = run;
};

/** A change is made from `getChat()` after the last `await`: from before it, what arrived meanwhile would be lost. */
export function take(change: Change) {
  if (change.state !== getChat()) setChat(change.state);
  for (const effect of change.effects) carryOut(effect);
}
