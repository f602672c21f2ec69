import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { BellOff, Pin, Smartphone, StickyNote } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Conversation } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatCount, formatExact, formatShort } from "../../../lib/format";
import { getChat, useChatStore, useUsers } from "../../../realtime/chat-store";
import { useRefused } from "../../../realtime/outbox";
import { UNREAD_CAP } from "../../../realtime/state";
import { isMuted } from "../../../realtime/unread";
import { Avatar } from "../../../ui/avatar";
import { setMarkedUnread } from "../actions";
import {
  conversationPicture,
  conversationTitle,
  isUnread,
  messagePreview,
  oneLine,
  plainText,
  userName,
} from "../conversations";
import { useDraftText } from "../drafts";
import { DeliveryMark } from "../thread/delivery-mark";
import { othersPositions, shownState } from "../thread/state-of";
import type { OwnSide } from "./own-sides";

type Props = {
  conversation: Conversation;
  /** Through which number of one's own, where there are several. */
  side?: OwnSide;
  selected: boolean;
  archived: boolean;
  tabbable: boolean;
};

/** One line: what somebody is doing, else what could not be sent, else what I began to write, else the last message and how far mine has come. */
function Preview({ conversation }: { conversation: Conversation }) {
  const users = useUsers();
  const { me } = getChat();
  const unread = isUnread(conversation);
  const draft = useDraftText(me, conversation.id);
  const refused = useRefused(conversation.id);
  const typing = useChatStore((store) => store.typing[conversation.id]);
  const { last_message: last, mine } = conversation;
  const writing = Object.keys(typing ?? {})[0];
  if (writing) {
    const name = conversation.kind === "group" ? userName(users[writing]) : null;
    return (
      <Line unread={unread}>
        <span className="text-accent">{name ? i18n.t("{name} is typing…", { name }) : i18n.t("typing…")}</span>
      </Line>
    );
  }
  if (refused) {
    return (
      <>
        <DeliveryMark state="failed" />
        <Line unread={unread}>{refused.kind ? oneLine(refused.body) : plainText(refused.body)}</Line>
      </>
    );
  }
  if (draft) {
    return (
      <Line unread={unread}>
        <span className="font-medium text-danger">{i18n.t("Draft:")}</span> {draft}
      </Line>
    );
  }
  if (!last || mine.hidden_seqs.includes(last.seq)) return <Line unread={unread} />;
  const text = messagePreview(last, users, me);
  const several = conversation.kind === "group" || conversation.line !== null;
  const sender = last.kind !== "system" && several && !last.deleted_at ? last.sender_id : null;
  const state = last.kind === "system" ? null : shownState(last, conversation, me, othersPositions(conversation, me));
  return (
    <>
      {state && <DeliveryMark state={state} />}
      {last.kind === "note" && (
        <StickyNote size={14} className="shrink-0 text-warn" aria-label={i18n.t("Note")} role="img" />
      )}
      <Line unread={unread}>
        {sender && sender !== me
          ? i18n.t("{name}: {text}", { name: userName(users[sender]).split(" ")[0], text })
          : text}
      </Line>
    </>
  );
}

function Line({ unread, children }: { unread: boolean; children?: ReactNode }) {
  return <span className={cx("min-w-0 grow truncate text-sm", unread && "text-ink")}>{children}</span>;
}

export const ListItem = memo(function ListItem({ conversation, side, selected, archived, tabbable }: Props) {
  const users = useUsers();
  const { me } = getChat();
  const { id, mine, unread_count, last_message: last } = conversation;
  const unread = isUnread(conversation);
  const muted = isMuted(mine);
  const at = last?.created_at ?? conversation.created_at;
  return (
    <Link
      to="/c/$conversationId"
      params={{ conversationId: id }}
      search={archived ? { list: "archived" } : {}}
      data-conversation={id}
      tabIndex={tabbable ? 0 : -1}
      // Opening takes the mark back; what is open already is not opened anew.
      onClick={() => selected && mine.marked_unread && setMarkedUnread(id, false)}
      aria-current={selected ? "page" : undefined}
      className={cx(
        "mx-2 flex h-16 items-center gap-3 rounded-card px-2.5 -outline-offset-2",
        selected ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <Avatar {...conversationPicture(conversation, users, me)} size="lg" />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-2">
          {conversation.line && (
            <Smartphone
              size={14}
              className="-me-0.5 shrink-0 self-center text-muted"
              role="img"
              aria-label={i18n.t("SMS")}
            />
          )}
          <span className={cx("min-w-0 grow truncate text-base", unread ? "font-semibold" : "font-medium")}>
            {conversationTitle(conversation, users, me)}
          </span>
          <time
            dateTime={at}
            title={formatExact(at)}
            className={cx("tabular shrink-0 text-xs", unread && !muted ? "font-medium text-accent" : "text-muted")}
          >
            {formatShort(at)}
          </time>
        </span>
        <span className="flex h-5 items-center gap-1.5 text-muted">
          <Preview conversation={conversation} />
          {side && (
            <span title={side.full} className="max-w-[40%] shrink-0 truncate text-xs">
              <span aria-hidden>{side.short}</span>
              <span className="sr-only">{i18n.t("through {number}", { number: side.full })}</span>
            </span>
          )}
          {muted && <BellOff size={14} className="shrink-0" aria-label={i18n.t("Muted")} />}
          {mine.pinned_at && <Pin size={14} className="shrink-0" aria-label={i18n.t("Pinned")} />}
          {unread && (
            <span
              className={cx(
                "tabular min-w-5 shrink-0 rounded-full px-1.5 text-center text-xs leading-5 font-semibold",
                muted ? "bg-line text-ink" : "bg-accent text-on-accent",
                unread_count === 0 && "size-3 min-w-3 px-0",
              )}
            >
              {unread_count > 0 && formatCount(unread_count, UNREAD_CAP)}
              <span className="sr-only">{i18n.t("unread")}</span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
});
