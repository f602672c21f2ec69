import { i18n } from "@lingui/core";
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { useUnsent } from "../../../realtime/outbox";
import type { Entry } from "../../../realtime/state";
import { EndButton } from "./end-button";
import { RowBoundary } from "./row-boundary";
import { buildRows, type Row } from "./rows";
import { othersPositions } from "./state-of";
import { ThreadDialogs, useThreadCommands } from "./thread-commands";
import { DayPill, ThreadRow } from "./thread-row";
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

export function Thread({ entry, me, place, unreadFrom, handle, onReply, onEdit }: Props) {
  const { conversation, loaded } = entry;
  const box = useRef<HTMLDivElement>(null);
  const unsent = useUnsent(conversation.id);
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
  const commands = useThreadCommands({ onReply, onEdit, conversation, me });
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

  return (
    <div className="relative min-h-0 grow">
      {dayOnTop && (
        <div aria-hidden className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <DayPill at={dayOnTop} />
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
                  <RowBoundary>
                    <ThreadRow
                      row={row}
                      me={me}
                      conversation={conversation}
                      others={others}
                      open={commands.open}
                      onCommand={commands.run}
                      onJump={jump}
                    />
                  </RowBoundary>
                </li>
              );
            })}
          </ul>
        </div>
      </div>
      {!atEnd && <EndButton unread={conversation.unread_count} onClick={goToEnd} />}
      <ThreadDialogs commands={commands} conversation={conversation} me={me} />
    </div>
  );
}

function dayOf(row: Row | undefined): string | null {
  if (!row) return null;
  if ("message" in row) return row.message.created_at;
  return row.kind === "unsent" ? row.item.created_at : null;
}
