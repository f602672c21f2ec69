import { useCallback, useState } from "react";
import type { Message } from "../../../api/types";
import { copyText } from "../../../ui/copy-button";
import { copyLink } from "../actions";
import { DeleteDialog, HistoryDialog, ReadersDialog } from "./dialogs";
import type { MessageCommand } from "./use-message-touch";

type Open = { seq: number; what: "menu" | "react" };
type DialogState = { kind: "history" | "readers" | "delete"; message: Message };
type Input = { onReply: (message: Message) => void; onEdit: (message: Message) => void; me: string };

/** What the buttons, menus and keys of a message do. */
export function useThreadCommands({ onReply, onEdit, me }: Input) {
  const [open, setOpen] = useState<Open | null>(null);
  const [dialog, setDialog] = useState<DialogState | null>(null);
  const run = useCallback(
    (command: MessageCommand, message: Message) => {
      const { seq } = message;
      const deleted = message.deleted_at !== null;
      // Closing the menu comes after what was chosen in it, which may have opened something else.
      if (command === "close-menu") return setOpen((before) => (before?.what === "menu" ? null : before));
      setOpen(null);
      switch (command) {
        case "menu":
          return setOpen({ seq, what: "menu" });
        case "react":
          return deleted ? undefined : setOpen({ seq, what: "react" });
        case "reply":
          return deleted ? undefined : onReply(message);
        case "edit":
          return deleted || message.sender_id !== me ? undefined : onEdit(message);
        case "copy":
          copyText(message.body);
          return;
        case "link":
          copyLink(message);
          return;
        case "history":
        case "readers":
        case "delete":
          return setDialog({ kind: command, message });
        case "close":
          return;
      }
    },
    [onReply, onEdit, me],
  );
  return { open, dialog, run, closeDialog: () => setDialog(null) };
}

type Props = { commands: ReturnType<typeof useThreadCommands>; groupAdmin: boolean };

export function ThreadDialogs({ commands: { dialog, closeDialog }, groupAdmin }: Props) {
  if (!dialog) return null;
  const { kind, message } = dialog;
  if (kind === "history") return <HistoryDialog message={message} onClose={closeDialog} />;
  if (kind === "readers") return <ReadersDialog message={message} onClose={closeDialog} />;
  return <DeleteDialog message={message} groupAdmin={groupAdmin} onClose={closeDialog} />;
}
