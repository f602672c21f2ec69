// What a new server asks of its administrator beside an empty inbox, until all of it is done or they say no.
import { notedList } from "../../lib/noted";
import { useChatStore } from "../../realtime/chat-store";
import { useSession } from "../../realtime/session";
import { isAlone, peerId } from "./conversations";
import { useInviteHint } from "./invite-hint";

export type Step = "notes" | "invite" | "carrier";
export const STEPS: readonly Step[] = ["notes", "invite", "carrier"];

/** `person/step`, and the person alone who wants none of it. */
const { useNoted, note } = notedList("convo.welcome");

export const closeWelcome = (me: string) => note(me);
export const noteCarriersSeen = (me: string) => note(`${me}/carrier`);

/** What is done of it; null if there is nothing to welcome. */
export function useWelcome(): ReadonlySet<Step> | null {
  const admin = useSession((session) => (session.me?.role === "admin" ? session.me.id : null));
  const noted = useNoted();
  const asksToInvite = useInviteHint();
  const ready = useChatStore(({ lists }) => lists.inbox.status === "ready");
  const entries = useChatStore(({ chat }) => chat.entries);
  if (!admin || !ready || noted.includes(admin)) return null;
  const conversations = Object.values(entries).map(({ conversation }) => conversation);
  if (!isAlone(conversations, admin)) return null;
  const done = new Set<Step>();
  if (conversations.some((conversation) => peerId(conversation, admin) === admin)) done.add("notes");
  if (asksToInvite === false) done.add("invite");
  if (noted.includes(`${admin}/carrier`)) done.add("carrier");
  // Nothing is shown before it is known who was invited: what was there must not change while it is read.
  return asksToInvite === undefined || done.size === STEPS.length ? null : done;
}
