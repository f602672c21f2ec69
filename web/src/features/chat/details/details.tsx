import { i18n } from "@lingui/core";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Conversation } from "../../../api/types";
import { useWide } from "../../../lib/use-media";
import { getChat, useUsers } from "../../../realtime/chat-store";
import { isMuted } from "../../../realtime/unread";
import { Avatar } from "../../../ui/avatar";
import { PaneBoundary } from "../../../ui/boundary";
import { IconButton } from "../../../ui/button";
import { Switch } from "../../../ui/switch";
import { muteUntil, setArchived, setMuted, setPinned } from "../actions";
import { conversationPicture, conversationTitle, peerId } from "../conversations";
import { useOptimistic, withOptimisticMine } from "../optimistic";
import { LineFacts } from "../texts/line-facts";
import { GroupFacts } from "./group-facts";
import { LeaveGroup } from "./leave-group";
import { Members } from "./members";

type Props = { conversation: Conversation; onClose: () => void };

/** What a conversation is and who is in it. Beside it where there is room, above it where not. */
export function Details({ conversation, onClose }: Props) {
  const users = useUsers();
  const wide = useWide();
  const close = useRef<HTMLButtonElement>(null);
  const title = conversationTitle(conversation, users, getChat().me);

  useEffect(() => {
    if (!wide) close.current?.focus();
  }, [wide]);

  return (
    <aside
      aria-label={i18n.t("Details of {title}", { title })}
      className="slide-up scroll-y flex w-full shrink-0 flex-col border-line bg-surface max-md:absolute max-md:inset-0 max-md:z-20 md:w-85 md:border-s md:max-xl:absolute md:max-xl:inset-y-0 md:max-xl:end-0 md:max-xl:z-20 md:max-xl:shadow-float"
    >
      <header className="sticky top-0 z-10 flex h-14 shrink-0 items-center gap-1 bg-surface ps-4 pe-2">
        <h2 className="grow text-base font-semibold">{i18n.t("Details")}</h2>
        <IconButton ref={close} label={i18n.t("Close details")} onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <PaneBoundary className="grow">
        <Facts conversation={conversation} />
      </PaneBoundary>
    </aside>
  );
}

function Facts({ conversation: given }: { conversation: Conversation }) {
  const mine = useOptimistic((state) => state.mine);
  const conversation = withOptimisticMine(given, mine);
  const users = useUsers();
  const { me } = getChat();
  const { id } = conversation;
  const group = conversation.kind === "group";
  const peer = users[peerId(conversation, me) ?? ""];
  return (
    <>
      <div className="flex flex-col items-center gap-2 px-5 pt-2 pb-5 text-center">
        <Avatar {...conversationPicture(conversation, users, me)} size="xl" />
        {group ? (
          <GroupFacts conversation={conversation} />
        ) : (
          <div>
            <p className="text-lg font-semibold">{conversationTitle(conversation, users, me)}</p>
            {peer && <p className="text-sm text-muted">@{peer.username}</p>}
            {peer?.about && <p className="mt-2 text-sm whitespace-pre-wrap">{peer.about}</p>}
          </div>
        )}
      </div>
      <LineFacts conversation={conversation} />
      <section className="border-t border-line px-5 py-2" aria-label={i18n.t("For you")}>
        <Switch
          label={i18n.t("Muted")}
          hint={i18n.t("It counts no unread messages for you.")}
          checked={isMuted(conversation.mine)}
          onChange={(on) => setMuted(id, on ? muteUntil(null) : null)}
        />
        <Switch
          label={i18n.t("Pinned")}
          hint={i18n.t("It stays at the top of your list.")}
          checked={conversation.mine.pinned_at !== null}
          onChange={(on) => setPinned(id, on)}
        />
        <Switch
          label={i18n.t("Archived")}
          hint={i18n.t("It leaves your inbox; nothing is lost.")}
          checked={conversation.mine.archived_at !== null}
          onChange={(on) => setArchived(id, on)}
        />
      </section>
      {(group || conversation.line) && <Members conversation={conversation} />}
      {group && <LeaveGroup conversation={conversation} />}
    </>
  );
}
