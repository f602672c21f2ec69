import { i18n } from "@lingui/core";
import { StickyNote } from "lucide-react";
import { cx } from "../../../lib/cx";
import { IconButton } from "../../../ui/button";

/** On every note, where it is written and where it is read: nobody should take it for a text. */
export function NoteLabel({ className }: { className?: string }) {
  return (
    <p className={cx("flex items-center gap-1.5 text-xs font-medium text-warn", className)}>
      <StickyNote size={13} aria-hidden />
      {i18n.t("Note · only colleagues see this")}
    </p>
  );
}

export function NoteButton({ pressed, onChange }: { pressed: boolean; onChange: (note: boolean) => void }) {
  return (
    <IconButton label={i18n.t("Note for colleagues")} pressed={pressed} onClick={() => onChange(!pressed)}>
      <StickyNote size={19} aria-hidden />
    </IconButton>
  );
}
