import { useEffect, useRef } from "react";
import type { Conversation } from "../../api/types";
import { shortcutKey } from "../../lib/keyboard";
import { isMuted } from "../../realtime/unread";
import { muteUntil, setArchived, setMarkedUnread, setMuted } from "./actions";

type Input = { conversation: Conversation; onDetails: () => void; onBack: () => void; focusThread: () => void };

/** Keys that act on the open conversation. */
export function useConversationKeys(input: Input) {
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { conversation, onDetails, onBack, focusThread } = latest.current;
      const { id, mine } = conversation;
      if (event.key === "Escape" && document.activeElement instanceof HTMLTextAreaElement && !event.defaultPrevented) {
        return focusThread();
      }
      switch (shortcutKey(event)) {
        case "]":
          return onDetails();
        case "a":
          setArchived(id, !mine.archived_at);
          return;
        case "m":
          setMuted(id, isMuted(mine) ? null : muteUntil(null));
          return;
        case "u":
          setMarkedUnread(id, true);
          return;
        case "Escape":
          return onBack();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
