// What stands in the list: in which order, and what of it fits what is looked for.
import { useMemo } from "react";
import type { Conversation } from "../../../api/types";
import { looksLikeNumber, searchedDigits } from "../../../lib/typed-number";
import { useChatStore } from "../../../realtime/chat-store";
import { useUnsentPlaces } from "../../../realtime/outbox";
import { conversationTitle, peerId, sortConversations, type Users } from "../conversations";
import { useDraftPlaces } from "../drafts";
import { useOptimistic, withOptimisticMine } from "../optimistic";
import { type OwnSides, useOwnSides } from "./own-sides";

/** A number was chosen and nothing written: nobody else is told of that, and neither is the one who left it so. */
export const isBegun = ({ id, line, last_message, mine }: Conversation, here: ReadonlySet<string>) =>
  line === null || last_message !== null || mine.pinned_at !== null || mine.marked_unread || here.has(id);

export function matches(conversation: Conversation, filter: string, users: Users, me: string, sides: OwnSides) {
  const wanted = filter.trim().toLocaleLowerCase();
  if (!wanted) return true;
  const { line } = conversation;
  const peer = users[peerId(conversation, me) ?? ""];
  const side = sides[line?.number_id ?? ""]?.short ?? "";
  const text = `${conversationTitle(conversation, users, me)} ${peer?.username ?? ""} ${side}`;
  if (text.toLocaleLowerCase().includes(wanted)) return true;
  const digits = line && looksLikeNumber(wanted) ? searchedDigits(wanted) : "";
  return digits !== "" && [line?.party, line?.number].some((number) => number?.includes(digits));
}

/** The list as it stands, with my own changes shown at once. */
export function useConversationList(archived: boolean, filter: string, open: string | null) {
  const entries = useChatStore((store) => store.chat.entries);
  const users = useChatStore((store) => store.chat.users);
  const me = useChatStore((store) => store.chat.me);
  const mine = useOptimistic((state) => state.mine);
  const unsent = useUnsentPlaces();
  const drafts = useDraftPlaces(me);
  const sorted = useMemo(() => {
    const all = Object.values(entries).map(({ conversation }) => withOptimisticMine(conversation, mine));
    const here = new Set([open ?? "", ...unsent.split(" "), ...drafts.split(" ")]);
    return sortConversations(
      all.filter((conversation) => isBegun(conversation, here)),
      archived,
    );
  }, [entries, mine, archived, open, unsent, drafts]);
  const sides = useOwnSides(sorted);
  const conversations = useMemo(
    () => sorted.filter((conversation) => matches(conversation, filter, users, me, sides)),
    [sorted, users, me, filter, sides],
  );
  return { conversations, sides };
}
