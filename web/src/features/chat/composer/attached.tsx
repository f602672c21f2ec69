import { i18n } from "@lingui/core";
import { Pencil, Reply, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Message } from "../../../api/types";
import { IconButton } from "../../../ui/button";
import { plainText } from "../conversations";
import { Quote } from "../thread/quote";

type Props = {
  conversationId: string;
  editing: Message | null;
  replyTo: number | null;
  onStopEditing: () => void;
  onStopReplying: () => void;
};

/** What the text in the composer changes or answers. */
export function Attachment({ conversationId, editing, replyTo, onStopEditing, onStopReplying }: Props) {
  if (editing) {
    return (
      <Attached icon={Pencil} label={i18n.t("Stop editing")} onClose={onStopEditing}>
        <span className="block text-sm font-semibold">{i18n.t("Editing")}</span>
        <span className="block truncate text-sm text-muted">{plainText(editing.body)}</span>
      </Attached>
    );
  }
  if (!replyTo) return null;
  return (
    <Attached icon={Reply} label={i18n.t("Do not reply")} onClose={onStopReplying}>
      <Quote conversationId={conversationId} seq={replyTo} />
    </Attached>
  );
}

type AttachedProps = { icon: typeof X; label: string; onClose: () => void; children: ReactNode };

function Attached({ icon: Icon, label, onClose, children }: AttachedProps) {
  return (
    <div className="flex items-center gap-2 border-b border-line py-1.5 ps-3 pe-1">
      <Icon size={16} aria-hidden className="shrink-0 text-accent" />
      <div className="min-w-0 grow">{children}</div>
      <IconButton size="sm" label={label} onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
