import { lazy, Suspense, useCallback, useState } from "react";
import type { Conversation, Message } from "../../../api/types";
import { copyText } from "../../../ui/copy-button";
import { copyLink } from "../actions";
import { allowed } from "../allowed";
import { sendAgain } from "../texts/actions";
import type { MessageCommand } from "./use-message-touch";

const MessageDialog = lazy(() => import("./dialogs").then((module) => ({ default: module.MessageDialog })));

type Open = { seq: number; what: "menu" | "react" };
type DialogState = { kind: "history" | "readers" | "delete"; message: Message };
type Input = {
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
  conversation: Conversation;
  me: string;
};

/** What the buttons, menus and keys of a message do. */
export function useThreadCommands({ onReply, onEdit, conversation, me }: Input) {
  const [open, setOpen] = useState<Open | null>(null);
  const [dialog, setDialog] = useState<DialogState | null>(null);
  const run = useCallback(
    (command: MessageCommand, message: Message) => {
      const { seq } = message;
      const may = allowed(conversation, message, me);
      // Closing the menu comes after what was chosen in it, which may have opened something else.
      if (command === "close-menu") return setOpen((before) => (before?.what === "menu" ? null : before));
      setOpen(null);
      switch (command) {
        case "menu":
          return setOpen({ seq, what: "menu" });
        case "react":
          return may.react ? setOpen({ seq, what: "react" }) : undefined;
        case "reply":
          return may.reply ? onReply(message) : undefined;
        case "edit":
          return may.edit ? onEdit(message) : undefined;
        case "again":
          if (may.again) sendAgain(message);
          return;
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
    [onReply, onEdit, conversation, me],
  );
  return { open, dialog, run, closeDialog: () => setDialog(null) };
}

type Props = { commands: ReturnType<typeof useThreadCommands>; conversation: Conversation; me: string };

export function ThreadDialogs({ commands: { dialog, closeDialog }, conversation, me }: Props) {
  if (!dialog) return null;
  const { everyone } = allowed(conversation, dialog.message, me);
  return (
    <Suspense>
      <MessageDialog {...dialog} everyone={everyone} onClose={closeDialog} />
    </Suspense>
  );
}
