import { i18n } from "@lingui/core";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { getSocket } from "../../../realtime/engine";

const TYPING_MS = 4000;

function grow(element: HTMLTextAreaElement) {
  element.style.height = "auto";
  element.style.height = `${element.scrollHeight}px`;
}

/** As high as its text, up to eight lines. */
export function useGrow(field: RefObject<HTMLTextAreaElement | null>, body: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    if (field.current) grow(field.current);
  }, [field, body]);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      // Its height is ours; only a new width breaks the lines anew.
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      grow(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [field]);
}

export function useTyping(conversation_id: string) {
  const last = useRef(0);
  return () => {
    if (Date.now() - last.current < TYPING_MS) return;
    last.current = Date.now();
    getSocket()?.send({ type: "typing", conversation_id });
  };
}

/** What stands in the empty field: for whom it is. */
export function invitation(text: boolean, note: boolean): string {
  if (text) return i18n.t("Write a text");
  return note ? i18n.t("Write a note") : i18n.t("Write a message");
}
