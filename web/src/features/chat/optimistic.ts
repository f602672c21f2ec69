// My own changes that the server has not confirmed: shown at once, taken back with a toast when refused.
import { createStore, useStore } from "zustand";
import type { Conversation, Message, Mine } from "../../api/types";

type State = {
  mine: Record<string, Partial<Mine>>;
  titles: Record<string, { title?: string; description?: string }>;
  /** `conversation:seq` → emoji → whether it is mine now */
  reactions: Record<string, Record<string, boolean>>;
};

const store = createStore<State>(() => ({ mine: {}, titles: {}, reactions: {} }));

export function useOptimistic<T>(select: (state: State) => T): T {
  return useStore(store, select);
}

/** Shows a change until the work is done, whichever way it ends. */
export async function whileShowing<Part extends keyof State>(
  part: Part,
  key: string,
  value: State[Part][string],
  work: () => Promise<unknown>,
) {
  store.setState(
    (state) => ({ [part]: { ...state[part], [key]: { ...state[part][key], ...value } } }) as Partial<State>,
  );
  try {
    await work();
  } finally {
    store.setState((state) => {
      const left: Record<string, unknown> = { ...state[part][key] };
      for (const [name, set] of Object.entries(value)) if (left[name] === set) delete left[name];
      const { [key]: _done, ...others } = state[part];
      return { [part]: Object.keys(left).length > 0 ? { ...others, [key]: left } : others } as Partial<State>;
    });
  }
}

export function withOptimisticMine(conversation: Conversation, mine: State["mine"]): Conversation {
  const change = mine[conversation.id];
  return change ? { ...conversation, mine: { ...conversation.mine, ...change } } : conversation;
}

export function withOptimisticReactions(message: Message, change: Record<string, boolean> | undefined, me: string) {
  if (!change) return message.reactions;
  const reactions = message.reactions
    .map((reaction) => {
      const wanted = change[reaction.emoji];
      if (wanted === undefined) return reaction;
      const others = reaction.user_ids.filter((id) => id !== me);
      return { ...reaction, user_ids: wanted ? [...others, me] : others };
    })
    .filter((reaction) => reaction.user_ids.length > 0);
  for (const [emoji, wanted] of Object.entries(change)) {
    if (wanted && !reactions.some((reaction) => reaction.emoji === emoji)) reactions.push({ emoji, user_ids: [me] });
  }
  return reactions;
}
