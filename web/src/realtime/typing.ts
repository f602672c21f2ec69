// Who is writing right now. Never stored; forgotten after six seconds of silence.
import { chatStore } from "./chat-store";

const SHOWN_MS = 6000;
let timer = 0;

export function noteTyping(conversationId: string, userId: string, ms = SHOWN_MS) {
  const { typing } = chatStore.getState();
  const present = typing[conversationId] ?? {};
  if (ms === 0 && !(userId in present)) return;
  const { [userId]: _before, ...others } = present;
  const next = ms === 0 ? others : { ...others, [userId]: Date.now() + ms };
  chatStore.setState({ typing: { ...typing, [conversationId]: next } });
  timer ||= window.setTimeout(forgetOld, SHOWN_MS + 100);
}

function forgetOld() {
  timer = 0;
  const now = Date.now();
  const typing: Record<string, Record<string, number>> = {};
  for (const [conversation, people] of Object.entries(chatStore.getState().typing)) {
    const left = Object.entries(people).filter(([, until]) => until > now);
    if (left.length > 0) typing[conversation] = Object.fromEntries(left);
  }
  chatStore.setState({ typing });
  if (Object.keys(typing).length > 0) timer = window.setTimeout(forgetOld, 1000);
}

export function stopTyping() {
  clearTimeout(timer);
  timer = 0;
}
