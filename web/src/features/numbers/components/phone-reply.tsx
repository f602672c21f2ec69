import { i18n } from "@lingui/core";
import { SendHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { ApiError } from "../../../api/errors";
import type { Handset } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { settleWish, wishFor } from "../../../lib/wishes";
import { IconButton } from "../../../ui/button";
import { useSendFromHandset } from "../handset-queries";
import { canAnswer } from "../peers";

const MAX_TEXT = 1600;

type Props = { handset: Handset; peer: string | undefined };

/** The same text to the same number is sent once, however often it is tried; what failed stays in the field. */
export function PhoneReply({ handset, peer }: Props) {
  const [text, setText] = useState("");
  const id = useId();
  const send = useSendFromHandset(handset.id);
  const reason =
    peer === undefined
      ? i18n.t("There is nobody to text yet.")
      : !canAnswer(peer)
        ? i18n.t("A name is no number: nobody can answer it.")
        : handset.airplane
          ? i18n.t("Airplane mode is on.")
          : null;
  const ready = reason === null && text.trim() !== "" && !send.isPending;
  const submit = () => {
    if (!ready || !peer) return;
    const wish = `text ${handset.id} ${peer} ${text}`;
    send.mutate(
      { client_id: wishFor(wish), to: peer, text },
      {
        onSuccess: () => {
          settleWish(wish);
          setText("");
        },
        onError: (error) => error instanceof ApiError && error.status < 500 && settleWish(wish),
      },
    );
  };
  return (
    <form
      className="shrink-0 border-t border-line p-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {send.isError && (
        <p role="alert" className="px-2 pb-1.5 text-xs text-danger">
          {problemText(send.error)}
        </p>
      )}
      <div className="flex items-end gap-1">
        <textarea
          id={id}
          rows={1}
          value={text}
          maxLength={MAX_TEXT}
          disabled={reason !== null}
          aria-label={i18n.t("Text from {name}", { name: handset.label })}
          placeholder={reason ?? i18n.t("Text message")}
          onChange={(event) => {
            send.reset();
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
          className="field-sizing-content max-h-28 min-h-9 min-w-0 grow resize-none rounded-bubble border border-control bg-surface px-3.5 py-1.5 text-sm disabled:opacity-70 touch:min-h-11 touch:py-2.5 touch:text-base"
        />
        <IconButton type="submit" label={i18n.t("Send")} disabled={!ready} className="text-accent">
          <SendHorizontal size={18} aria-hidden className="rtl:-scale-x-100" />
        </IconButton>
      </div>
    </form>
  );
}
