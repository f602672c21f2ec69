// The texts on a handset, as pages of the query cache: the newest first, within a page and between pages.
import type { HandsetMessage } from "../api/types";

export type HandsetPage = { messages: HandsetMessage[] };
export type HandsetPages = { pages: HandsetPage[]; pageParams: unknown[] };

/** Puts one in its place, or over an older state of itself: a long text comes in parts. */
export function withHandsetMessage(known: HandsetPages, message: HandsetMessage): HandsetPages {
  const isThere = known.pages.some(({ messages }) => messages.some(({ id }) => id === message.id));
  const pages = known.pages.map(({ messages }, index) => {
    if (isThere) return { messages: messages.map((other) => newer(other, message)) };
    if (index > 0) return { messages };
    return { messages: [message, ...messages].sort((a, b) => b.place - a.place) };
  });
  return { ...known, pages };
}

const newer = (known: HandsetMessage, message: HandsetMessage) =>
  known.id === message.id && known.change < message.change ? message : known;
