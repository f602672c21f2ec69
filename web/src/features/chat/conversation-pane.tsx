import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { MessageCircle } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Message } from "../../api/types";
import { getChat, useChatStore } from "../../realtime/chat-store";
import { useUnsent } from "../../realtime/outbox";
import type { Entry } from "../../realtime/state";
import { PaneBoundary } from "../../ui/boundary";
import { Empty } from "../../ui/empty";
import { setMarkedUnread } from "./actions";
import { allowed } from "./allowed";
import { ComposerPlace } from "./composer/composer-place";
import { ConversationHeader } from "./conversation-header";
import { useDraft } from "./drafts";
import { useOptimistic, withOptimisticMine } from "./optimistic";
import { Thread, type ThreadHandle } from "./thread/thread";
import { BubbleSkeleton } from "./thread/thread-skeleton";
import { TypingLine } from "./thread/typing-line";
import { useConversationKeys } from "./use-conversation-keys";

type Props = {
  entry: Entry;
  busy: boolean;
  place: number | null;
  back: "/" | "/archived";
  details: boolean;
  onDetails: () => void;
};

export function ConversationPane({ entry, busy, place, back, details, onDetails }: Props) {
  const { me } = getChat();
  const optimistic = useOptimistic((state) => state.mine);
  const conversation = withOptimisticMine(entry.conversation, optimistic);
  const { id } = conversation;
  const phone = conversation.line !== null;
  // Set on opening, and stays until leaving.
  const [unreadFrom] = useState(() => (conversation.unread_count > 0 ? conversation.mine.read_seq + 1 : null));
  const [editing, setEditing] = useState<Message | null>(null);
  const [, setDraft] = useDraft(me, id);
  const field = useRef<HTMLTextAreaElement>(null);
  const thread = useRef<ThreadHandle>(null);
  const navigate = useNavigate();

  const marked = entry.conversation.mine.marked_unread;
  const online = useChatStore((store) => store.connection === "open");
  // Opening takes the mark back, offline as soon as the connection is there; marking again while it is open stays.
  const [takesBack, setTakesBack] = useState(marked);
  useEffect(() => {
    if (!takesBack || !online) return;
    if (!marked) setTakesBack(false);
    else setMarkedUnread(id, false).then((done) => done && setTakesBack(false));
  }, [takesBack, online, marked, id]);

  const onReply = useCallback(
    (message: Message) => {
      // No phone knows what is quoted: with one, answering a message is for colleagues.
      setDraft({ replyTo: message.seq, ...(phone && { note: true }) });
      setEditing(null);
      requestAnimationFrame(() => field.current?.focus());
    },
    [setDraft, phone],
  );
  const onEditLast = () => {
    const last = entry.loaded?.messages.findLast((message) => allowed(conversation, message, me).edit);
    if (last) setEditing(last);
    return last !== undefined;
  };
  useConversationKeys({
    conversation,
    onDetails,
    onBack: () => (details ? onDetails() : navigate({ to: back })),
    // While the past is on its way there is no message to focus: the field is left all the same.
    focusThread: () => {
      field.current?.blur();
      thread.current?.focusLast();
    },
  });
  useFocusOnOpen(field);

  const waiting = useUnsent(id).length > 0;
  const empty = entry.loaded && entry.loaded.messages.length === 0 && !entry.loaded.hasAfter && !waiting;
  return (
    <main className="flex min-w-0 grow flex-col bg-canvas">
      <ConversationHeader conversation={conversation} details={details} back={back} onDetails={onDetails} />
      {!entry.loaded ? (
        busy ? (
          <BubbleSkeleton />
        ) : (
          <div className="grow" />
        )
      ) : empty ? (
        <div className="min-h-0 grow">
          <Empty
            icon={MessageCircle}
            text={phone ? i18n.t("No texts yet.") : i18n.t("Nothing written yet. Say hello.")}
          />
        </div>
      ) : (
        <PaneBoundary className="grow">
          <Thread
            entry={entry}
            me={me}
            place={place}
            unreadFrom={unreadFrom}
            handle={thread}
            onReply={onReply}
            onEdit={setEditing}
          />
        </PaneBoundary>
      )}
      <TypingLine conversationId={id} />
      <ComposerPlace
        conversation={conversation}
        me={me}
        field={field}
        editing={editing}
        onEditing={setEditing}
        onEditLast={onEditLast}
        onSent={() => thread.current?.goToEnd()}
      />
    </main>
  );
}

/** With a real keyboard one can write at once; on touch the screen keyboard would cover what is to be read. */
function useFocusOnOpen(field: React.RefObject<HTMLTextAreaElement | null>) {
  useEffect(() => {
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [field]);
}
