import { i18n } from "@lingui/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessageSquareOff } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { chatStore, useChatStore, useEntry } from "../../realtime/chat-store";
import { fetchConversation, loadMessages, setVisible } from "../../realtime/engine";
import { PaneBoundary } from "../../ui/boundary";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { ConversationPane } from "./conversation-pane";
import { ThreadSkeleton } from "./thread/thread-skeleton";

// Closed at first, and no part of what a conversation needs to show.
const Details = lazy(() => import("./details/details").then((module) => ({ default: module.Details })));

export function ConversationPage() {
  const { conversationId } = useParams({ from: "/shell/chat/c/$conversationId" });
  return <Loaded key={conversationId} id={conversationId} />;
}

function Loaded({ id }: { id: string }) {
  const search = useSearch({ from: "/shell/chat/c/$conversationId" });
  const navigate = useNavigate({ from: "/c/$conversationId" });
  const entry = useEntry(id);
  const loading = useChatStore((store) => store.loading[id]);
  const missing = useChatStore((store) => store.missing[id]);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const known = entry !== undefined;
  const [place] = useState(search.m ?? null);

  useEffect(() => {
    setVisible(id);
    return () => setVisible(null);
  }, [id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is a reason of its own
  useEffect(() => {
    if (known || missing) return;
    setFailed(false);
    fetchConversation(id).catch(() => setFailed(true));
  }, [id, known, missing, attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening and trying again load the first page
  useEffect(() => {
    if (!known) return;
    const { conversation, loaded } = chatStore.getState().chat.entries[id]!;
    const from = conversation.mine.read_seq + 1;
    const wanted = place ?? (conversation.unread_count > 0 ? from : null);
    const first = loaded?.messages[0]?.seq;
    const last = loaded?.messages.at(-1)?.seq;
    const covered =
      loaded &&
      (wanted === null
        ? !loaded.hasAfter
        : (!loaded.hasBefore || (first !== undefined && first <= wanted)) &&
          (!loaded.hasAfter || (last !== undefined && last >= wanted)));
    if (!covered) loadMessages(id, wanted === null ? {} : { around: wanted }, "replace");
  }, [id, known, attempt]);

  if (missing && !known) {
    return (
      <main className="min-w-0 grow bg-canvas">
        <Empty page icon={MessageSquareOff} text={i18n.t("This conversation is not there, or you are not in it.")}>
          <Link to="/" className="font-medium text-accent underline underline-offset-2">
            {i18n.t("Go to the inbox")}
          </Link>
        </Empty>
      </main>
    );
  }
  if (failed || (loading === "failed" && !entry?.loaded)) {
    return (
      <main className="flex min-w-0 grow items-center justify-center bg-canvas">
        <Failure
          text={i18n.t("The messages could not be loaded. Check your connection and try again.")}
          onRetry={() => setAttempt(attempt + 1)}
        />
      </main>
    );
  }
  const toggleDetails = () =>
    navigate({ search: ({ details, ...rest }) => (details ? rest : { ...rest, details: true }), replace: true });
  if (!entry) return <ThreadSkeleton />;
  return (
    <>
      <PaneBoundary className="grow">
        <ConversationPane
          entry={entry}
          busy={loading === "loading"}
          place={search.m ?? null}
          back={search.list === "archived" ? "/archived" : "/"}
          details={search.details ?? false}
          onDetails={toggleDetails}
        />
      </PaneBoundary>
      {search.details && (
        <Suspense>
          <Details conversation={entry.conversation} onClose={toggleDetails} />
        </Suspense>
      )}
    </>
  );
}
