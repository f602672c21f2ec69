import { i18n } from "@lingui/core";
import type { ComponentProps } from "react";
import { formatDay } from "../../../lib/format";
import { useUsers } from "../../../realtime/chat-store";
import { systemText } from "../system-text";
import { MessageRow } from "./message-row";
import type { Row } from "./rows";
import { deliveryOf, type othersPositions } from "./state-of";
import { UnsentRow } from "./unsent-row";

type Shared = Pick<ComponentProps<typeof MessageRow>, "group" | "onCommand" | "onJump">;
type Props = Shared & {
  row: Row;
  me: string;
  others: ReturnType<typeof othersPositions>;
  /** What is open, and beside which message. */
  open: { seq: number; what: "menu" | "react" } | null;
};

/** The day that follows, in the middle of its line. */
export function DayPill({ at }: { at: string }) {
  return (
    <span className="rounded-full border border-line bg-raised px-3 py-1 text-xs font-medium text-muted shadow-hairline">
      {formatDay(at)}
    </span>
  );
}

export function ThreadRow({ row, me, group, others, open, onCommand, onJump }: Props) {
  const users = useUsers();
  switch (row.kind) {
    case "day":
      return (
        <div className="flex justify-center py-2">
          <DayPill at={row.at} />
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
        <p className="px-6 py-1.5 text-center text-xs text-balance text-muted">{systemText(row.message, users, me)}</p>
      );
    case "unsent":
      return <UnsentRow item={row.item} first={row.first} last={row.last} onJump={onJump} />;
    case "message": {
      const mine = row.message.sender_id === me;
      return (
        <MessageRow
          message={row.message}
          mine={mine}
          group={group}
          first={row.first}
          last={row.last}
          delivery={mine ? deliveryOf(row.message, others) : null}
          open={open?.seq === row.message.seq ? open.what : null}
          onCommand={onCommand}
          onJump={onJump}
        />
      );
    }
  }
}
