import { i18n } from "@lingui/core";
import { ArrowDown } from "lucide-react";
import { formatCount } from "../../../lib/format";
import { UNREAD_CAP } from "../../../realtime/state";

export function EndButton({ unread, onClick }: { unread: number; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={
        unread > 0
          ? i18n.t("{count, plural, one {Go to # new message} other {Go to # new messages}}", { count: unread })
          : i18n.t("Go to the newest message")
      }
      className="slide-up tabular absolute end-4 bottom-3 z-10 inline-flex h-10 min-w-10 items-center justify-center gap-1.5 rounded-full border border-line bg-raised px-2.5 text-sm font-semibold text-ink shadow-float hover:text-accent touch:h-11 touch:min-w-11"
    >
      <ArrowDown size={18} aria-hidden />
      {unread > 0 && <span className="pe-1">{i18n.t("{count} new", { count: formatCount(unread, UNREAD_CAP) })}</span>}
    </button>
  );
}
