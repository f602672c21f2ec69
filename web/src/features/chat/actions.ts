// What people do with conversations and messages.
import { i18n } from "@lingui/core";
import * as calls from "../../api/calls";
import type { Conversation, Message, Mine } from "../../api/types";
import { paths } from "../../lib/paths";
import { problemText } from "../../lib/problem-text";
import { applyConversation, applyMessage } from "../../realtime/apply-answer";
import { applyMine } from "../../realtime/apply-event";
import { getChat, setChat } from "../../realtime/chat-store";
import { getSocket } from "../../realtime/engine";
import { withoutEntry } from "../../realtime/state";
import { take } from "../../realtime/take";
import { copyText } from "../../ui/copy-button";
import { showError, showToast } from "../../ui/toast";
import { whileShowing } from "./optimistic";

async function changeMine(id: string, change: calls.MineChange, shown: Partial<Mine>): Promise<boolean> {
  try {
    await whileShowing("mine", id, shown, async () => {
      const mine = await calls.updateMine(id, change);
      take(applyMine(getChat(), mine));
    });
    return true;
  } catch (error) {
    showError(problemText(error));
    return false;
  }
}

const now = () => new Date().toISOString();

export async function setArchived(id: string, archived: boolean) {
  const done = await changeMine(id, { archived }, { archived_at: archived ? now() : null });
  if (!done) return;
  showToast(archived ? i18n.t("Conversation archived") : i18n.t("Conversation restored"), {
    action: {
      label: i18n.t("Undo"),
      run: () => changeMine(id, { archived: !archived }, { archived_at: archived ? null : now() }),
    },
  });
}

export const setPinned = (id: string, pinned: boolean) =>
  changeMine(id, { pinned }, { pinned_at: pinned ? now() : null });

export const setMarkedUnread = (id: string, marked_unread: boolean) =>
  changeMine(id, { marked_unread }, { marked_unread });

const FOREVER = "9999-12-31T00:00:00Z";
export const muteUntil = (hours: number | null) =>
  hours === null ? FOREVER : new Date(Date.now() + hours * 3_600_000).toISOString();

export const setMuted = (id: string, muted_until: string | null) => changeMine(id, { muted_until }, { muted_until });

export async function openDirect(userId: string): Promise<string | null> {
  try {
    const view = await calls.createConversation({ kind: "direct", participant_ids: [userId] });
    take(applyConversation(getChat(), view));
    return view.conversation.id;
  } catch (error) {
    showError(problemText(error));
    return null;
  }
}

export async function createGroup(title: string, participant_ids: string[], client_id: string): Promise<string> {
  const view = await calls.createConversation({ kind: "group", title, participant_ids, client_id });
  take(applyConversation(getChat(), view));
  return view.conversation.id;
}

export async function rename(id: string, change: { title?: string; description?: string }) {
  try {
    await whileShowing("titles", id, change, async () => {
      const view = await calls.updateConversation(id, change);
      take(applyConversation(getChat(), view));
    });
  } catch (error) {
    showError(problemText(error));
  }
}

export async function leave(conversation: Conversation) {
  try {
    await calls.removeMember(conversation.id, getChat().me);
    setChat(withoutEntry(getChat(), conversation.id));
    showToast(i18n.t("You left the group."));
  } catch (error) {
    showError(problemText(error));
  }
}

export async function react(message: Message, emoji: string, on: boolean) {
  const { conversation_id: id, seq } = message;
  try {
    await whileShowing("reactions", `${id}:${seq}`, { [emoji]: on }, async () => {
      const call = on ? calls.addReaction : calls.removeReaction;
      const changed = await call(id, seq, emoji);
      setChat(applyMessage(getChat(), changed));
    });
  } catch (error) {
    showError(problemText(error));
  }
}

export async function editMessage(message: Message, body: string): Promise<boolean> {
  const { conversation_id, seq } = message;
  const socket = getSocket();
  const frame = { type: "message.edit", conversation_id, seq, body: body.toWellFormed() } as const;
  try {
    const answer = socket?.carries(frame)
      ? (await socket.request(frame)).message
      : await calls.editMessage(conversation_id, seq, frame.body);
    if (answer) setChat(applyMessage(getChat(), answer));
    return true;
  } catch (error) {
    showError(problemText(error));
    return false;
  }
}

export async function deleteMessage(message: Message, whom: "me" | "everyone") {
  try {
    await calls.deleteMessage(message.conversation_id, message.seq, whom);
  } catch (error) {
    showError(problemText(error));
  }
}

export const copyLink = (message: Message) =>
  copyText(location.origin + paths.message(message.conversation_id, message.seq));
