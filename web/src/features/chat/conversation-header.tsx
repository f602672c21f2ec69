import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import {
  Archive,
  ArchiveRestore,
  ArrowLeft,
  Bell,
  BellOff,
  EllipsisVertical,
  Mail,
  PanelRight,
  Pin,
  PinOff,
} from "lucide-react";
import type { Conversation } from "../../api/types";
import { getChat, useUsers } from "../../realtime/chat-store";
import { isMuted } from "../../realtime/unread";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/button";
import { MenuButton } from "../../ui/menu";
import { muteUntil, setArchived, setMarkedUnread, setMuted, setPinned } from "./actions";
import { conversationPicture, conversationTitle, peerId } from "./conversations";
import { OwnSide, SmsChip } from "./texts/own-side";

type Props = { conversation: Conversation; details: boolean; back: "/" | "/archived"; onDetails: () => void };

export function ConversationHeader({ conversation, details, back, onDetails }: Props) {
  const users = useUsers();
  const { me } = getChat();
  const { id, mine } = conversation;
  const title = conversationTitle(conversation, users, me);
  const peer = users[peerId(conversation, me) ?? ""];
  const muted = isMuted(mine);
  const archived = mine.archived_at !== null;
  const below = conversation.line ? (
    <OwnSide line={conversation.line} />
  ) : conversation.kind === "group" ? (
    i18n.t("{count, plural, one {# member} other {# members}}", { count: conversation.member_count })
  ) : (
    peer && `@${peer.username}`
  );
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface ps-1 pe-2 md:ps-4">
      <Link
        to={back}
        aria-label={i18n.t("Back")}
        className="inline-flex size-11 shrink-0 items-center justify-center rounded-control text-muted hover:text-ink md:hidden"
      >
        <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
      </Link>
      <h1 className="min-w-0 grow">
        <button
          type="button"
          onClick={onDetails}
          title={i18n.t("Details of {title}", { title })}
          className="flex w-full min-w-0 items-center gap-3 rounded-control py-1 text-start"
        >
          <Avatar
            {...conversationPicture(conversation, users, me)}
            // Nobody is known by it, and a number needs its room.
            className={conversation.line ? "max-md:hidden" : undefined}
          />
          <span className="min-w-0">
            <span className="flex items-center gap-1.5">
              {conversation.line && <SmsChip />}
              <span className="truncate text-base leading-5 font-semibold">{title}</span>
              {muted && <BellOff size={14} className="shrink-0 text-muted" aria-label={i18n.t("Muted")} />}
            </span>
            <span className="block truncate text-xs text-muted">{below}</span>
          </span>
        </button>
      </h1>
      <MenuButton
        label={i18n.t("More")}
        icon={EllipsisVertical}
        items={[
          {
            label: mine.pinned_at ? i18n.t("Unpin") : i18n.t("Pin"),
            icon: mine.pinned_at ? PinOff : Pin,
            run: () => setPinned(id, !mine.pinned_at),
          },
          muted
            ? { label: i18n.t("Unmute"), icon: Bell, keys: "m", run: () => setMuted(id, null) }
            : { label: i18n.t("Mute"), icon: BellOff, keys: "m", run: () => setMuted(id, muteUntil(null)) },
          { label: i18n.t("Mark as unread"), icon: Mail, keys: "u", run: () => setMarkedUnread(id, true) },
          archived
            ? { label: i18n.t("Restore"), icon: ArchiveRestore, keys: "a", run: () => setArchived(id, false) }
            : { label: i18n.t("Archive"), icon: Archive, keys: "a", run: () => setArchived(id, true) },
        ]}
      />
      <IconButton label={i18n.t("Details")} pressed={details} onClick={onDetails}>
        <PanelRight size={18} aria-hidden className="rtl:-scale-x-100" />
      </IconButton>
    </header>
  );
}
