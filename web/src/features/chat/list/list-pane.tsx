import { i18n } from "@lingui/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Archive, ArrowLeft, Inbox, PenLine, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Conversation } from "../../../api/types";
import { moveFocus } from "../../../lib/keyboard";
import { useNarrow } from "../../../lib/use-media";
import { useChatStore } from "../../../realtime/chat-store";
import { loadList } from "../../../realtime/lists";
import { Button, IconButton } from "../../../ui/button";
import { Empty } from "../../../ui/empty";
import { Failure } from "../../../ui/failure";
import { SkeletonRows } from "../../../ui/skeleton";
import { InviteHint } from "../invite-hint";
import { ListItem } from "./list-item";
import { ListEdge, useListWidth } from "./list-width";
import { NewConversation } from "./new-conversation";
import type { OwnSides } from "./own-sides";
import { useConversationList } from "./use-conversation-list";
import { useListKeys } from "./use-list-keys";

type Props = { archived: boolean; open: string | null };

const ROW = 66;

export function ListPane({ archived, open }: Props) {
  const [filter, setFilter] = useState("");
  const [width, setWidth] = useListWidth();
  const [hidden, setHidden] = useState(false);
  const [creating, setCreating] = useState(false);
  const narrow = useNarrow();
  const name = archived ? "archived" : "inbox";
  const list = useChatStore((store) => store.lists[name]);
  const { conversations, sides } = useConversationList(archived, filter, open);
  const search = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();

  useEffect(() => {
    loadList(archived ? "archived" : "inbox");
  }, [archived]);
  const nothing = conversations.length === 0;
  useEffect(() => {
    // A page of nothing but threads that nobody wrote in is no end.
    if (nothing && !filter && list.status === "ready" && list.cursor) loadList(name);
  }, [nothing, filter, list, name]);
  useListKeys({
    conversations,
    open,
    archived,
    focusFilter: () => search.current?.focus(),
    onNew: () => setCreating(true),
    onToggle: () => setHidden(!hidden),
  });

  const loading = nothing && (list.status === "loading" || list.status === "idle");
  const created = (id: string) => {
    setCreating(false);
    navigate({ to: "/c/$conversationId", params: { conversationId: id } });
  };
  // An open conversation is what the page is about.
  const Heading = open ? "h2" : "h1";
  // On a narrow screen, what is open has all the room.
  const shown = narrow ? open === null : !hidden;
  const section = shown && (
    <section
      aria-label={archived ? i18n.t("Archived conversations") : i18n.t("Conversations")}
      style={narrow ? undefined : { width }}
      className="relative flex min-w-0 shrink-0 flex-col border-line bg-surface max-md:w-full max-md:overflow-y-auto md:border-e"
    >
      <header className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2">
        {archived && (
          <Link
            to="/"
            aria-label={i18n.t("Back to the inbox")}
            className="-ms-2 inline-flex size-9 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink touch:size-11"
          >
            <ArrowLeft size={18} aria-hidden className="rtl:-scale-x-100" />
          </Link>
        )}
        <Heading className="grow text-lg font-semibold tracking-tight">
          {archived ? i18n.t("Archived") : i18n.t("Inbox")}
        </Heading>
        {!archived && (
          <>
            <Link
              to="/archived"
              aria-label={i18n.t("Archived conversations")}
              title={i18n.t("Archived conversations")}
              className="inline-flex size-9 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink touch:size-11"
            >
              <Archive size={18} aria-hidden />
            </Link>
            <IconButton
              label={i18n.t("New conversation")}
              title={i18n.t("New conversation (c)")}
              onClick={() => setCreating(true)}
            >
              <PenLine size={18} aria-hidden />
            </IconButton>
          </>
        )}
      </header>
      <div className="relative mx-3 mb-2 shrink-0">
        <Search
          size={16}
          aria-hidden
          className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted"
        />
        <input
          ref={search}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            setFilter("");
            search.current?.blur();
          }}
          aria-label={i18n.t("Filter by name")}
          placeholder={i18n.t("Filter by name")}
          className="h-9 w-full rounded-full border border-transparent bg-canvas ps-9 pe-9 text-sm focus:border-info focus:outline-1 focus:outline-info touch:h-11"
        />
        {filter && (
          <IconButton
            size="sm"
            label={i18n.t("Clear")}
            className="absolute end-1 top-1/2 -translate-y-1/2"
            onClick={() => setFilter("")}
          >
            <X size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {loading ? (
        <SkeletonRows />
      ) : list.status === "failed" && nothing ? (
        <Failure
          text={i18n.t("Your conversations could not be loaded. Check your connection and try again.")}
          onRetry={() => loadList(name)}
        />
      ) : nothing ? (
        <Nothing archived={archived} filter={filter} onNew={() => setCreating(true)} />
      ) : (
        <Rows
          conversations={conversations}
          sides={sides}
          open={open}
          archived={archived}
          onEnd={() => list.cursor && loadList(name)}
        />
      )}
      {!archived && (open || narrow) && <InviteHint />}
      <ListEdge width={width} onChange={setWidth} />
    </section>
  );
  return (
    <>
      {section}
      {creating && <NewConversation onClose={() => setCreating(false)} onCreated={created} />}
    </>
  );
}

function Nothing({ archived, filter, onNew }: { archived: boolean; filter: string; onNew: () => void }) {
  if (filter) return <Empty icon={Search} text={i18n.t("No conversation with that name.")} />;
  if (archived) return <Empty icon={Archive} text={i18n.t("Nothing is archived.")} />;
  return (
    <Empty icon={Inbox} text={i18n.t("No conversations yet.")}>
      <Button look="primary" onClick={onNew}>
        {i18n.t("Start a conversation")}
      </Button>
    </Empty>
  );
}

type RowsProps = {
  conversations: Conversation[];
  sides: OwnSides;
  open: string | null;
  archived: boolean;
  onEnd: () => void;
};

function Rows({ conversations, sides, open, archived, onEnd }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => conversations[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const atEnd = (items.at(-1)?.index ?? 0) >= conversations.length - 10;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reaching the end is the reason, not the function
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, conversations.length]);
  const selected = conversations.findIndex(({ id }) => id === open);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move within the list
    <div ref={box} className="scroll-y min-h-0 grow" onKeyDown={(event) => moveFocus(event, "[data-conversation]")}>
      <ul className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const conversation = conversations[item.index];
          if (!conversation) return null;
          return (
            <li
              key={item.key}
              className="absolute inset-x-0 top-0"
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <ListItem
                conversation={conversation}
                side={sides[conversation.line?.number_id ?? ""]}
                selected={conversation.id === open}
                archived={archived}
                tabbable={item.index === Math.max(selected, 0)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
