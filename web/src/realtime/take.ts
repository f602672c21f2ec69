// Puts a change into the store and hands its effects to whoever carries them out.
import { getChat, setChat } from "./chat-store";
import type { Change, Effect } from "./state";

let carryOut: (effect: Effect) => void = () => undefined;

export const setEffects = (run: (effect: Effect) => void) => {
  carryOut = run;
};

export function take(change: Change) {
  if (change.state !== getChat()) setChat(change.state);
  for (const effect of change.effects) carryOut(effect);
}
