import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Conversation } from "../../../api/types";
import { shortcutKey } from "../../../lib/keyboard";
import { isMuted } from "../../../realtime/unread";
import { isUnread } from "../conversations";

type Input = {
  conversations: Conversation[];
  open: string | null;
  archived: boolean;
  focusFilter: () => void;
  onNew: () => void;
  onToggle: () => void;
};

/** Keys that move through the list; inside a list the list itself answers first. */
export function useListKeys(input: Input) {
  const latest = useRef(input);
  latest.current = input;
  const navigate = useNavigate();
  useEffect(() => {
    const show = (conversation: Conversation | undefined) => {
      if (!conversation) return;
      navigate({
        to: "/c/$conversationId",
        params: { conversationId: conversation.id },
        search: latest.current.archived ? { list: "archived" } : {},
      });
    };
    let afterG = 0;
    const onKey = (event: KeyboardEvent) => {
      const { conversations, open, focusFilter, onNew, onToggle } = latest.current;
      const at = conversations.findIndex(({ id }) => id === open);
      const key = shortcutKey(event);
      if (key === "g") afterG = Date.now() + 1200;
      else if (afterG > Date.now()) {
        afterG = 0;
        return;
      }
      switch (key) {
        case "/":
          event.preventDefault();
          return focusFilter();
        case "c":
          event.preventDefault();
          return onNew();
        case "[":
          return onToggle();
        case "j":
        case "ArrowDown":
          if (key === "j" || at < 0) show(conversations[at + 1]);
          return;
        case "k":
          return show(conversations[at - 1]);
        case "n": {
          const unread = conversations.filter((each) => isUnread(each) && !isMuted(each.mine) && each.id !== open);
          return show(unread[0]);
        }
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}
