import { i18n } from "@lingui/core";
import { CaseSensitive, SendHorizontal, Smile } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { useTouch } from "../../../lib/use-media";
import { enqueue } from "../../../realtime/outbox";
import { IconButton } from "../../../ui/button";
import { EmojiPopover } from "../../../ui/emoji-popover";
import { editMessage } from "../actions";
import { useDraft } from "../drafts";
import { NoteButton, NoteLabel } from "../texts/note";
import { Attachment } from "./attached";
import { CharactersLeft, MAX_BODY } from "./characters-left";
import { FormattingDialog } from "./formatting";
import { invitation, useGrow, useTyping } from "./use-field";

/** What is different about texts: how long they may be, what they cost, and what is told of that below the field. */
export type Phone = { notesOnly: boolean; measure: (body: string) => Measured };
type Measured = {
  tooLong: boolean;
  priceMicros: number | null;
  meter: (props: { id: string; body: string; onChange: (body: string) => void }) => ReactNode;
};

type Props = {
  conversationId: string;
  me: string;
  field: RefObject<HTMLTextAreaElement | null>;
  editing: Message | null;
  onEditing: (message: Message | null) => void;
  onEditLast: () => boolean;
  onSent: () => void;
  /** In a conversation with a phone. */
  phone?: Phone;
};

export function Composer({ conversationId, me, field, editing, onEditing, onEditLast, onSent, phone }: Props) {
  const [draft, setDraft] = useDraft(me, conversationId);
  const [edited, setEdited] = useState("");
  const [emoji, setEmoji] = useState(false);
  const [formatting, setFormatting] = useState(false);
  const emojiButton = useRef<HTMLButtonElement>(null);
  const touch = useTouch();
  const tellTyping = useTyping(conversationId);
  const body = editing ? edited : draft.body;
  const setBody = (text: string) => (editing ? setEdited(text) : setDraft({ body: text }));
  const note = phone !== undefined && (phone.notesOnly || draft.note === true || editing !== null);
  const meter = useId();
  const text = useMemo(() => (phone && !note ? phone.measure(body.trimEnd()) : null), [phone, note, body]);
  const tooLong = [...body].length > MAX_BODY || text?.tooLong === true;
  const empty = body.trim() === "";
  const action = editing ? i18n.t("Save") : i18n.t("Send");

  useEffect(() => {
    if (!editing) return;
    setEdited(editing.body);
    field.current?.focus();
  }, [editing, field]);
  useGrow(field, body);

  const submit = async () => {
    const written = body.trimEnd();
    if (!written.trim() || tooLong) return;
    if (editing) {
      onEditing(null);
      if (written !== editing.body && !(await editMessage(editing, written))) {
        // Refused: what was written comes back.
        onEditing(editing);
        setEdited(written);
      }
      return;
    }
    setDraft({ body: "", replyTo: null });
    await enqueue({
      conversation_id: conversationId,
      body: written,
      // No phone knows what is quoted.
      reply_to_seq: text ? null : draft.replyTo,
      ...(phone && { kind: text ? "text" : "note" }),
      max_price_micros: text?.priceMicros ?? null,
    });
    onSent();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && body === "" && !editing) {
      if (onEditLast()) event.preventDefault();
    } else if (event.key === "Escape" && (editing || draft.replyTo)) {
      event.preventDefault();
      event.stopPropagation();
      if (editing) onEditing(null);
      else setDraft({ replyTo: null });
    }
  };

  const insert = (text: string) => {
    const at = field.current?.selectionStart ?? body.length;
    const end = field.current?.selectionEnd ?? at;
    setBody(body.slice(0, at) + text + body.slice(end));
    setEmoji(false);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at + text.length, at + text.length);
    });
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6"
    >
      <div
        className={cx(
          "rounded-bubble border border-control transition-colors focus-within:border-info focus-within:ring-1 focus-within:ring-info",
          note ? "bg-note" : "bg-surface",
        )}
      >
        {note && !editing && <NoteLabel className="px-3 pt-2" />}
        <Attachment
          conversationId={conversationId}
          editing={editing}
          replyTo={draft.replyTo}
          onStopEditing={() => onEditing(null)}
          onStopReplying={() => setDraft({ replyTo: null })}
        />
        <div className="flex items-end gap-1 p-1">
          <IconButton
            ref={emojiButton}
            label={i18n.t("Emoji")}
            aria-haspopup="dialog"
            aria-expanded={emoji}
            onClick={() => setEmoji(true)}
          >
            <Smile size={20} aria-hidden />
          </IconButton>
          {!text && (
            <IconButton
              label={i18n.t("Formatting")}
              aria-haspopup="dialog"
              className="max-md:hidden"
              onClick={() => setFormatting(true)}
            >
              <CaseSensitive size={22} aria-hidden />
            </IconButton>
          )}
          {phone && !editing && (
            <NoteButton
              pressed={note}
              onChange={(wanted) => {
                setDraft({ note: wanted, replyTo: null });
                field.current?.focus();
              }}
            />
          )}
          <textarea
            ref={field}
            rows={1}
            value={body}
            aria-label={note ? i18n.t("Note") : i18n.t("Message")}
            aria-describedby={text ? meter : undefined}
            aria-invalid={tooLong || undefined}
            placeholder={invitation(text !== null, note)}
            onChange={(event) => {
              setBody(event.target.value);
              if (!editing && !text && event.target.value) tellTyping();
            }}
            onKeyDown={onKeyDown}
            className="scroll-y max-h-[calc(8lh+1rem)] min-h-9 grow resize-none bg-transparent px-1 py-[calc((2.25rem-1lh)/2)] text-base outline-none touch:min-h-11 touch:py-[calc((2.75rem-1lh)/2)]"
          />
          <button
            type="submit"
            disabled={empty || tooLong}
            aria-label={action}
            title={action}
            className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition disabled:bg-transparent disabled:text-muted touch:size-11"
          >
            <SendHorizontal size={18} aria-hidden className="rtl:-scale-x-100" />
          </button>
        </div>
      </div>
      {text ? text.meter({ id: meter, body, onChange: setBody }) : <CharactersLeft body={body} />}
      {formatting && <FormattingDialog onClose={() => setFormatting(false)} />}
      {emoji && emojiButton.current && (
        <EmojiPopover anchor={emojiButton.current} onPick={insert} onClose={() => setEmoji(false)} />
      )}
    </form>
  );
}
