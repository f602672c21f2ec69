// Names, order and previews of conversations, derived from what is known.
import { i18n } from "@lingui/core";
import { UserRound } from "lucide-react";
import type { Conversation, Message, Mine, User } from "../../api/types";
import { formatParty, isName } from "../../lib/phone";
import type { ChatState } from "../../realtime/state";
import { systemText } from "./system-text";

export type Users = Record<string, User>;

export function userName(user: User | undefined): string {
  return user?.full_name || user?.username || i18n.t("Somebody");
}

/** Who may change a group and who is in it. Who is in a conversation with a phone follows from its number. */
export const managesGroup = ({ kind, my_role }: Conversation) =>
  kind === "group" && (my_role === "owner" || my_role === "admin");

/** The other person of a direct conversation; oneself in the one with oneself. */
export function peerId(conversation: Conversation, me: string): string | null {
  if (conversation.kind !== "direct") return null;
  return conversation.members?.find((member) => member.user_id !== me)?.user_id ?? me;
}

export function conversationTitle(conversation: Conversation, users: Users, me: string): string {
  if (conversation.line) return formatParty(conversation.line.party);
  const peer = peerId(conversation, me);
  if (peer === null) return conversation.title || i18n.t("Group");
  if (peer === me) return i18n.t("{name} (you)", { name: userName(users[me]) });
  return userName(users[peer]);
}

export function conversationPicture(conversation: Conversation, users: Users, me: string) {
  const party = conversation.line?.party;
  // The signs of a number are nobody's initials.
  if (party) return { id: party, name: party, icon: isName(party) ? undefined : UserRound };
  const peer = peerId(conversation, me);
  if (peer === null) {
    return { id: conversation.id, name: conversation.title ?? "", url: conversation.picture_url };
  }
  return { id: peer, name: userName(users[peer]), url: users[peer]?.avatar_url ?? null };
}

/** More than this fits into no line of preview. */
const PREVIEWED = 500;

/** Markdown signs say nothing in one line of preview. */
export function plainText(body: string): string {
  return body
    .slice(0, PREVIEWED)
    .replace(/```\w*\n?|```|[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}/g, "")
    .replace(/^\s*(#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** On a phone, every sign is meant. */
export const oneLine = (body: string) => body.slice(0, PREVIEWED).replace(/\s+/g, " ").trim();

export function messagePreview(message: Message, users: Users, me: string): string {
  if (message.kind === "system") return systemText(message, users, me);
  if (message.deleted_at) return i18n.t("Message deleted");
  return message.delivery ? oneLine(message.body) : plainText(message.body);
}

const activity = (conversation: Conversation) => conversation.last_message?.created_at ?? conversation.created_at;

function compare(a: Conversation, b: Conversation): number {
  const pinnedA = a.mine.pinned_at !== null;
  const pinnedB = b.mine.pinned_at !== null;
  if (pinnedA !== pinnedB) return pinnedA ? -1 : 1;
  return activity(a) < activity(b) ? 1 : -1;
}

export function sortConversations(all: Conversation[], archived: boolean): Conversation[] {
  return all.filter(({ mine }) => (mine.archived_at !== null) === archived).sort(compare);
}

/** The people of my conversations, of the latest first; those I wrote with alone before those of groups. */
export function recentPeople({ entries, users, me }: ChatState): User[] {
  const latest = Object.values(entries)
    .map(({ conversation }) => conversation)
    .sort((a, b) => (activity(a) < activity(b) ? 1 : -1));
  const alone = latest.map((conversation) => peerId(conversation, me));
  const together = latest.flatMap(({ members }) => members?.map((member) => member.user_id) ?? []);
  return [...new Set([...alone, ...together])].flatMap((id) => users[id ?? ""] ?? []);
}

export const isUnread = ({ unread_count, mine }: { unread_count: number; mine: Mine }) =>
  unread_count > 0 || mine.marked_unread;

/** Whoever writes with colleagues has begun; what phones wrote to a new number is no reason to go. */
export const isAlone = (conversations: Conversation[], me: string) =>
  conversations.every((conversation) => conversation.line !== null || peerId(conversation, me) === me);
