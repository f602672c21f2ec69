import { i18n } from "@lingui/core";
import type { ComponentProps } from "react";
import type { Conversation } from "../../../api/types";
import { formatDay } from "../../../lib/format";
import { useUsers } from "../../../realtime/chat-store";
import { systemText } from "../system-text";
import { MessageRow } from "./message-row";
import type { Row } from "./rows";
import { type othersPositions, shownState } from "./state-of";
import { SystemRow } from "./system-row";
import { UnsentRow } from "./unsent-row";

type Shared = Pick<ComponentProps<typeof MessageRow>, "onCommand" | "onJump">;
type Props = Shared & {
  row: Row;
  me: string;
  conversation: Conversation;
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

export function ThreadRow({ row, me, conversation, others, open, onCommand, onJump }: Props) {
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
      return <SystemRow message={row.message} text={systemText(row.message, users, me)} />;
    case "unsent":
      return <UnsentRow item={row.item} first={row.first} last={row.last} onJump={onJump} />;
    case "message":
      return (
        <MessageRow
          message={row.message}
          conversation={conversation}
          me={me}
          first={row.first}
          last={row.last}
          delivery={shownState(row.message, conversation, me, others)}
          open={open?.seq === row.message.seq ? open.what : null}
          onCommand={onCommand}
          onJump={onJump}
        />
      );
  }
}
