import { i18n } from "@lingui/core";
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatDay } from "../../../lib/format";
import { useUsers } from "../../../realtime/chat-store";
import { useUnsent } from "../../../realtime/outbox";
import type { Entry } from "../../../realtime/state";
import { systemText } from "../system-text";
import { EndButton } from "./end-button";
import { MessageRow } from "./message-row";
import { buildRows, type Row } from "./rows";
import { deliveryOf, othersPositions } from "./state-of";
import { ThreadDialogs, useThreadCommands } from "./thread-commands";
import { UnsentRow } from "./unsent-row";
import { useThreadKeys } from "./use-thread-keys";
import { type Target, useThreadScroll } from "./use-thread-scroll";

export type ThreadHandle = { goToEnd: () => void; focusLast: () => void };

type Props = {
  entry: Entry;
  me: string;
  place: number | null;
  unreadFrom: number | null;
  handle: React.RefObject<ThreadHandle | null>;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
};

const pill = "rounded-full border border-line bg-raised px-3 py-1 text-xs font-medium text-muted shadow-hairline";

export function Thread({ entry, me, place, unreadFrom, handle, onReply, onEdit }: Props) {
  const { conversation, loaded } = entry;
  const box = useRef<HTMLDivElement>(null);
  const unsent = useUnsent(conversation.id);
  const users = useUsers();
  const rows = useMemo(
    () =>
      buildRows({
        messages: loaded?.messages ?? [],
        unsent,
        me,
        hasBefore: loaded?.hasBefore ?? false,
        hasAfter: loaded?.hasAfter ?? false,
        unreadFrom,
      }),
    [loaded, unsent, me, unreadFrom],
  );
  const [first] = useState<Target>(() => {
    if (place !== null) return { seq: place, flash: true, align: "center" };
    return unreadFrom === null ? "end" : { seq: unreadFrom, flash: false, align: "start" };
  });
  const { virtualizer, flashed, atEnd, jump, goToEnd, startIndex } = useThreadScroll(entry, rows, first, box);
  const commands = useThreadCommands({ onReply, onEdit, me });
  const keys = useThreadKeys(rows, box, virtualizer, commands.run);
  useImperativeHandle(handle, () => ({
    goToEnd,
    focusLast: () => box.current?.querySelector<HTMLElement>('li[tabindex="0"]')?.focus(),
  }));

  const shownPlace = useRef(place);
  useEffect(() => {
    if (place !== null && place !== shownPlace.current) jump(place);
    shownPlace.current = place;
  }, [place, jump]);

  const others = useMemo(() => othersPositions(conversation, me), [conversation, me]);
  const items = virtualizer.getVirtualItems();
  const top = rows[startIndex];
  // It would cover lines that stand in the middle, too.
  const isCentred = [top, rows[startIndex + 1]].some((row) => row && row.kind !== "message" && row.kind !== "unsent");
  const dayOnTop = isCentred ? null : dayOf(top);

  const content = (row: Row) => {
    switch (row.kind) {
      case "day":
        return (
          <div className="flex justify-center py-2">
            <span className={pill}>{formatDay(row.at)}</span>
          </div>
        );
      case "unread":
        return (
          <div className="flex items-center gap-3 px-6 py-2 text-xs font-semibold text-accent before:h-px before:grow before:bg-accent/40 after:h-px after:grow after:bg-accent/40">
            {i18n.t("Unread messages")}
          </div>
        );
      case "system":
        return (
          <p className="px-6 py-1.5 text-center text-xs text-balance text-muted">
            {systemText(row.message, users, me)}
          </p>
        );
      case "unsent":
        return <UnsentRow item={row.item} first={row.first} last={row.last} onJump={jump} />;
      case "message": {
        const mine = row.message.sender_id === me;
        return (
          <MessageRow
            message={row.message}
            mine={mine}
            group={conversation.kind === "group"}
            first={row.first}
            last={row.last}
            delivery={mine ? deliveryOf(row.message, others) : null}
            open={commands.open?.seq === row.message.seq ? commands.open.what : null}
            onCommand={commands.run}
            onJump={jump}
          />
        );
      }
    }
  };

  return (
    <div className="relative min-h-0 grow">
      {dayOnTop && (
        <div aria-hidden className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <span className={pill}>{formatDay(dayOnTop)}</span>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the row that has the focus */}
      <div ref={box} className="scroll-y flex h-full flex-col [overflow-anchor:none]" onKeyDown={keys.onKeyDown}>
        <div className="relative mt-auto w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
          <ul
            aria-label={i18n.t("Messages")}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
          >
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <li
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  tabIndex={item.index === keys.active ? 0 : -1}
                  onFocus={(event) => event.target === event.currentTarget && keys.setActiveKey(row.key)}
                  className={cx("-outline-offset-2 outline-info", flashed === row.key && "flash")}
                >
                  {content(row)}
                </li>
              );
            })}
          </ul>
        </div>
      </div>
      {!atEnd && <EndButton unread={conversation.unread_count} onClick={goToEnd} />}
      <ThreadDialogs
        commands={commands}
        groupAdmin={conversation.kind === "group" && conversation.my_role !== "member"}
      />
    </div>
  );
}

function dayOf(row: Row | undefined): string | null {
  if (!row) return null;
  if ("message" in row) return row.message.created_at;
  return row.kind === "unsent" ? row.item.created_at : null;
}
