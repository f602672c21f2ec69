import { i18n } from "@lingui/core";
import { useEffect } from "react";
import { getMessage } from "../../../api/calls";
import { isStatus } from "../../../api/errors";
import { formatParty } from "../../../lib/phone";
import { applyQuote } from "../../../realtime/apply-answer";
import { getChat, lookUpMessage, setChat, useEntry, useUser } from "../../../realtime/chat-store";
import { messagePreview, userName } from "../conversations";

const asked = new Set<string>();

/** Fetches a quoted message once, unless it is loaded anyway. */
async function fetchQuote(conversationId: string, seq: number) {
  const key = `${conversationId}:${seq}`;
  if (asked.has(key)) return;
  asked.add(key);
  try {
    const message = await getMessage(conversationId, seq);
    setChat(applyQuote(getChat(), conversationId, seq, message));
  } catch (error) {
    if (isStatus(error, 404)) setChat(applyQuote(getChat(), conversationId, seq, null));
  } finally {
    asked.delete(key);
  }
}

type Props = { conversationId: string; seq: number; onJump?: (seq: number) => void };

export function Quote({ conversationId, seq, onJump }: Props) {
  const entry = useEntry(conversationId);
  const message = lookUpMessage(entry, seq);
  const sender = useUser(message?.sender_id);
  const me = getChat().me;
  const unknown = message === undefined;
  useEffect(() => {
    if (unknown) fetchQuote(conversationId, seq);
  }, [unknown, conversationId, seq]);
  const party = entry?.conversation.line?.party;
  const other = party && message?.sender_id === null ? formatParty(party) : userName(sender);
  const name = message?.sender_id === me ? i18n.t("You") : message ? other : "";
  const text = message ? messagePreview(message, getChat().users, me) : unknown ? "…" : i18n.t("Message not available");
  const content = (
    <>
      {name && <span className="block truncate text-sm font-semibold">{name}</span>}
      <span className="line-clamp-2 text-sm break-words">{text}</span>
    </>
  );
  const look = "block w-full min-w-0 rounded-control border-s-3 border-accent bg-ink/6 px-2.5 py-1 text-start";
  if (!onJump || !message) return <div className={look}>{content}</div>;
  return (
    <button type="button" className={`${look} hover:bg-ink/10`} onClick={() => onJump(seq)}>
      <span className="sr-only">{i18n.t("In reply to")}</span>
      {content}
    </button>
  );
}
