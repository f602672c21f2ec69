import { i18n } from "@lingui/core";
import type { Message } from "../api/types";
import { formatParty } from "../lib/phone";
import { getChat } from "../realtime/chat-store";
import { announce } from "../ui/live-region";

const LONGEST = 140;

/** Tells screen readers what came in, unless it is mine or muted. */
export function announceArrival(message: Message) {
  const { me, users, entries } = getChat();
  if (message.kind === "system" || message.sender_id === me) return;
  const conversation = entries[message.conversation_id]?.conversation;
  const muted = conversation?.mine.muted_until;
  if (muted && new Date(muted) > new Date()) return;
  const sender = users[message.sender_id ?? ""];
  const phone = message.sender_id ? null : conversation?.line?.party;
  const name = phone ? formatParty(phone) : sender?.full_name || sender?.username || i18n.t("Somebody");
  announce(i18n.t("{name}: {text}", { name, text: message.body.slice(0, LONGEST) }));
}
