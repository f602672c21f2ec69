// How many conversations wait for me: neither muted nor archived.
import type { Mine } from "../api/types";
import type { ChatState } from "./state";

export function isMuted(mine: Mine, now = Date.now()): boolean {
  return mine.muted_until !== null && Date.parse(mine.muted_until) > now;
}

let lastEntries: ChatState["entries"] | null = null;
let lastCount = 0;

export function countUnreadConversations({ entries }: ChatState): number {
  if (entries === lastEntries) return lastCount;
  lastEntries = entries;
  lastCount = Object.values(entries).filter(({ conversation }) => {
    const { mine, unread_count } = conversation;
    return (unread_count > 0 || mine.marked_unread) && !mine.archived_at && !isMuted(mine);
  }).length;
  return lastCount;
}
