// What people do with texts to a phone.
import { cancelMessage, createConversation } from "../../../api/calls";
import type { Message } from "../../../api/types";
import { codeText, problemText } from "../../../lib/problem-text";
import { applyConversation, applyMessage } from "../../../realtime/apply-answer";
import { getChat, setChat } from "../../../realtime/chat-store";
import { discard, enqueue, takeBack, type Unsent } from "../../../realtime/outbox";
import { take } from "../../../realtime/take";
import { showError } from "../../../ui/toast";
import { restoreDraft } from "../drafts";

export async function openText(number_id: string, to: string): Promise<string | null> {
  try {
    const view = await createConversation({ kind: "sms", number_id, to });
    take(applyConversation(getChat(), view));
    return view.conversation.id;
  } catch (error) {
    showError(problemText(error));
    return null;
  }
}

/** Takes a text back that the server holds; what was written comes back into the composer. */
export async function undoText(message: Message) {
  try {
    const cancelled = await cancelMessage(message.conversation_id, message.seq);
    setChat(applyMessage(getChat(), cancelled));
    restoreDraft(getChat().me, message.conversation_id, message.body);
  } catch (error) {
    showError(problemText(error));
  }
}

/** The same for one that has not left this browser. */
export function undoUnsent(item: Unsent) {
  if (takeBack(item.client_id)) restoreDraft(item.user_id, item.conversation_id, item.body);
  else showError(codeText("already_sent"));
}

/** A refused text goes back to where it can be changed. */
export function rewrite(item: Unsent) {
  discard(item.client_id);
  restoreDraft(item.user_id, item.conversation_id, item.body);
}

/** As a text of its own: what the first one became stays as it is. */
export const sendAgain = ({ conversation_id, body }: Message) =>
  enqueue({ conversation_id, body, reply_to_seq: null, kind: "text" });
