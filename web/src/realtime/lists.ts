// The list of conversations, page by page. What a page brings goes into the same data as everything else.
import { listConversations } from "../api/calls";
import { applyConversations } from "./apply-answer";
import { chatStore, getChat, type ListName, type ListState } from "./chat-store";
import { noteDelivered } from "./receipts";
import { samePerson } from "./session";
import { take } from "./take";

const PAGE = 50;

function setList(name: ListName, state: ListState) {
  chatStore.setState(({ lists }) => ({ lists: { ...lists, [name]: state } }));
}

async function loadPage(name: ListName, cursor: string | null): Promise<string | null> {
  const isSame = samePerson();
  const page = await listConversations({ archived: name === "archived", cursor, limit: PAGE });
  if (isSame()) {
    take(applyConversations(getChat(), page.conversations, page.users));
    for (const conversation of page.conversations) noteDelivered(conversation);
  }
  return page.next_cursor;
}

/** The first page, or the next one when the first is there. */
export async function loadList(name: ListName) {
  const { status, cursor } = chatStore.getState().lists[name];
  if (status === "loading" || (status === "ready" && !cursor)) return;
  const isSame = samePerson();
  setList(name, { status: "loading", cursor });
  try {
    const next = await loadPage(name, cursor);
    if (isSame()) setList(name, { status: "ready", cursor: next });
  } catch {
    if (isSame()) setList(name, { status: "failed", cursor });
  }
}

/** Looks for conversations that began while this device was away. */
export async function reloadLists() {
  await loadPage("inbox", null).catch(() => undefined);
}
