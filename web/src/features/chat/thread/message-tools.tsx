import { i18n } from "@lingui/core";
import {
  CheckCheck,
  Copy,
  Ellipsis,
  History,
  Link,
  Pencil,
  Reply,
  SendHorizontal,
  Smile,
  SmilePlus,
  Trash2,
} from "lucide-react";
import type { RefObject } from "react";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { IconButton } from "../../../ui/button";
import { EmojiPopover } from "../../../ui/emoji-popover";
import { Menu, type MenuItem, preloadMenu } from "../../../ui/menu";
import { react } from "../actions";
import type { Allowed } from "../allowed";
import type { MessageCommand } from "./use-message-touch";

type Props = {
  message: Message;
  may: Allowed;
  mine: boolean;
  open: "menu" | "react" | null;
  anchor: RefObject<HTMLElement | null>;
  onCommand: (command: MessageCommand, message: Message) => void;
};

/** The buttons beside a bubble, on hover and focus, and what they open. */
export function MessageTools({ message, may, mine, open, anchor, onCommand }: Props) {
  const run = (command: MessageCommand) => () => onCommand(command, message);
  const deleted = message.deleted_at !== null;
  const reply = message.delivery ? i18n.t("Reply with a note") : i18n.t("Reply");
  const items: MenuItem[] = [
    ...(may.reply ? [{ label: reply, icon: Reply, keys: "r", run: run("reply") }] : []),
    ...(may.react ? [{ label: i18n.t("React"), icon: SmilePlus, keys: "+", run: run("react") }] : []),
    ...(deleted ? [] : [{ label: i18n.t("Copy text"), icon: Copy, run: run("copy") }]),
    { label: i18n.t("Copy link"), icon: Link, run: run("link") },
    ...(may.edit ? [{ label: i18n.t("Edit"), icon: Pencil, keys: "e", run: run("edit") }] : []),
    ...(may.again ? [{ label: i18n.t("Send again"), icon: SendHorizontal, run: run("again") }] : []),
    ...(may.readers ? [{ label: i18n.t("Read by"), icon: CheckCheck, run: run("readers") }] : []),
    ...(message.edited_at && !deleted
      ? [{ label: i18n.t("Earlier versions"), icon: History, run: run("history") }]
      : []),
    { label: i18n.t("Delete"), icon: Trash2, danger: true, run: run("delete") },
  ];
  return (
    <>
      <div
        className={cx(
          "flex shrink-0 items-center self-center transition-opacity duration-100 touch:hidden",
          open ? "" : "opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100",
          mine && "flex-row-reverse",
        )}
      >
        {may.react && (
          <IconButton tabIndex={-1} size="sm" label={i18n.t("React")} onClick={run("react")}>
            <Smile size={17} aria-hidden />
          </IconButton>
        )}
        {may.reply && (
          <IconButton tabIndex={-1} size="sm" label={reply} onClick={run("reply")}>
            <Reply size={17} aria-hidden />
          </IconButton>
        )}
        <IconButton
          tabIndex={-1}
          size="sm"
          label={i18n.t("More")}
          aria-haspopup="menu"
          aria-expanded={open === "menu"}
          onPointerEnter={preloadMenu}
          onClick={run("menu")}
        >
          <Ellipsis size={17} aria-hidden />
        </IconButton>
      </div>
      {open === "menu" && anchor.current && (
        <Menu
          anchor={anchor.current}
          label={i18n.t("Message")}
          items={items}
          align={mine ? "end" : "start"}
          onClose={run("close-menu")}
        />
      )}
      {open === "react" && anchor.current && (
        <EmojiPopover
          anchor={anchor.current}
          quick
          onClose={run("close")}
          onPick={(emoji) => {
            onCommand("close", message);
            react(message, emoji, true);
          }}
        />
      )}
    </>
  );
}
