// What was begun and not sent, per person and conversation, on this device only.
import { useCallback } from "react";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

export type DraftState = { body: string; replyTo: number | null };
type Store = { drafts: Record<string, DraftState>; set: (key: string, draft: DraftState) => void };

const EMPTY: DraftState = { body: "", replyTo: null };

const useStore = create<Store>()(
  persist(
    (set) => ({
      drafts: {},
      set: (key, draft) =>
        set(({ drafts }) => {
          if (draft.body || draft.replyTo) return { drafts: { ...drafts, [key]: draft } };
          const { [key]: _gone, ...others } = drafts;
          return { drafts: others };
        }),
    }),
    { name: "convo.drafts", storage: createJSONStorage(() => localStorage) },
  ),
);

const keyOf = (me: string, conversation: string) => `${me}/${conversation}`;

export function useDraft(me: string, conversation: string): [DraftState, (draft: Partial<DraftState>) => void] {
  const key = keyOf(me, conversation);
  const draft = useStore((store) => store.drafts[key] ?? EMPTY);
  const set = useStore((store) => store.set);
  const change = useCallback(
    (part: Partial<DraftState>) => set(key, { ...(useStore.getState().drafts[key] ?? EMPTY), ...part }),
    [key, set],
  );
  return [draft, change];
}

export const useDraftText = (me: string, conversation: string) =>
  useStore((store) => store.drafts[keyOf(me, conversation)]?.body ?? "");
