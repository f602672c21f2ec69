import { i18n } from "@lingui/core";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { getSocket } from "../../../realtime/engine";

const TYPING_MS = 4000;

/** As high as its text, up to eight lines. */
export function useGrow(field: RefObject<HTMLTextAreaElement | null>, body: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, body]);
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
