// What was begun and not sent, per person and conversation, on this device only.
import { useCallback } from "react";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

/** `note`: for colleagues only, in a conversation with a phone. It is kept, so that no remark ever leaves as a text. */
export type DraftState = { body: string; replyTo: number | null; note?: boolean };
type Store = { drafts: Record<string, DraftState>; set: (key: string, draft: DraftState) => void };

const EMPTY: DraftState = { body: "", replyTo: null };

const useStore = create<Store>()(
  persist(
    (set) => ({
      drafts: {},
      set: (key, draft) =>
        set(({ drafts }) => {
          if (draft.body || draft.replyTo || draft.note) return { drafts: { ...drafts, [key]: draft } };
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

/** Puts a text back that did not leave, above what has been begun since. */
export function restoreDraft(me: string, conversation: string, text: string) {
  const key = keyOf(me, conversation);
  const { drafts, set } = useStore.getState();
  const begun = drafts[key];
  // A note that was begun stays one, whatever is added to it.
  if (!begun?.body.trim()) set(key, { body: text, replyTo: null });
  else set(key, { ...begun, body: `${text}\n${begun.body}` });
}

export const useDraftText = (me: string, conversation: string) =>
  useStore((store) => store.drafts[keyOf(me, conversation)]?.body ?? "");

/** In which conversations something was begun: their ids with a space between, the same as long as they are. */
export const useDraftPlaces = (me: string) =>
  useStore(({ drafts }) =>
    Object.keys(drafts)
      .filter((key) => key.startsWith(`${me}/`))
      .map((key) => key.slice(me.length + 1))
      .join(" "),
  );
