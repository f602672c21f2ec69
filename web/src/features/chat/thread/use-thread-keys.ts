// Moving from message to message and acting on one, by keyboard. One row is in the tab order.
import type { Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useState } from "react";
import type { Message } from "../../../api/types";
import { isTyping, lettersEnabled } from "../../../lib/keyboard";
import type { Row } from "./rows";
import type { MessageCommand } from "./use-message-touch";

const STEPS: Record<string, number> = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 };
const COMMANDS: Record<string, MessageCommand> = {
  r: "reply",
  e: "edit",
  "+": "react",
  ContextMenu: "menu",
  Enter: "menu",
};

const isMessage = (row: Row | undefined) => row?.kind === "message";

function lastMessageIndex(rows: Row[]): number {
  for (let index = rows.length - 1; index >= 0; index -= 1) if (isMessage(rows[index])) return index;
  return -1;
}

export function useThreadKeys(
  rows: Row[],
  box: RefObject<HTMLDivElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  onCommand: (command: MessageCommand, message: Message) => void,
) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const found = activeKey ? rows.findIndex((row) => row.key === activeKey) : -1;
  const active = found >= 0 ? found : lastMessageIndex(rows);

  const focusRow = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setActiveKey(row.key);
    virtualizer.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1 && !lettersEnabled()) return;
    const onRow = (event.target as HTMLElement).dataset.index !== undefined;
    const step = STEPS[event.key];
    if (step && onRow) {
      let next = active + step;
      while (next >= 0 && next < rows.length && !isMessage(rows[next])) next += step;
      event.preventDefault();
      event.stopPropagation();
      if (isMessage(rows[next])) focusRow(next);
      return;
    }
    const command = event.key === "F10" && event.shiftKey ? "menu" : COMMANDS[event.key];
    const row = rows[active];
    if (!command || row?.kind !== "message" || (event.key === "Enter" && !onRow)) return;
    event.preventDefault();
    event.stopPropagation();
    onCommand(command, row.message);
  };

  return { active, onKeyDown, setActiveKey };
}
