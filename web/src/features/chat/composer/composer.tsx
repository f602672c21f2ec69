import { i18n } from "@lingui/core";
import { CaseSensitive, Pencil, Reply, SendHorizontal, Smile, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "../../../api/types";
import { useTouch } from "../../../lib/use-media";
import { getSocket } from "../../../realtime/engine";
import { enqueue } from "../../../realtime/outbox";
import { IconButton } from "../../../ui/button";
import { EmojiPopover } from "../../../ui/emoji-popover";
import { editMessage } from "../actions";
import { plainText } from "../conversations";
import { useDraft } from "../drafts";
import { Quote } from "../thread/quote";
import { FormattingDialog } from "./formatting";

export const MAX_BODY = 8000;
const TYPING_MS = 4000;
const COUNT_FROM = 7500;

type Props = {
  conversationId: string;
  me: string;
  field: RefObject<HTMLTextAreaElement | null>;
  editing: Message | null;
  onEditing: (message: Message | null) => void;
  onEditLast: () => boolean;
  onSent: () => void;
};

export function Composer({ conversationId, me, field, editing, onEditing, onEditLast, onSent }: Props) {
  const [draft, setDraft] = useDraft(me, conversationId);
  const [edited, setEdited] = useState("");
  const [emoji, setEmoji] = useState(false);
  const [formatting, setFormatting] = useState(false);
  const emojiButton = useRef<HTMLButtonElement>(null);
  const touch = useTouch();
  const tellTyping = useTyping(conversationId);
  const body = editing ? edited : draft.body;
  const setBody = (text: string) => (editing ? setEdited(text) : setDraft({ body: text }));
  const tooLong = [...body].length > MAX_BODY;
  const empty = body.trim() === "";

  useEffect(() => {
    if (!editing) return;
    setEdited(editing.body);
    field.current?.focus();
  }, [editing, field]);
  useGrow(field, body);

  const submit = async () => {
    const text = body.trimEnd();
    if (!text.trim() || tooLong) return;
    if (editing) {
      onEditing(null);
      if (text !== editing.body && !(await editMessage(editing, text))) {
        // Refused: what was written comes back.
        onEditing(editing);
        setEdited(text);
      }
      return;
    }
    setDraft({ body: "", replyTo: null });
    await enqueue({ conversation_id: conversationId, body: text, reply_to_seq: draft.replyTo });
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
      <div className="rounded-bubble border border-control bg-surface transition-colors focus-within:border-info focus-within:ring-1 focus-within:ring-info">
        {editing ? (
          <Attached icon={Pencil} label={i18n.t("Stop editing")} onClose={() => onEditing(null)}>
            <span className="block text-sm font-semibold">{i18n.t("Editing")}</span>
            <span className="block truncate text-sm text-muted">{plainText(editing.body)}</span>
          </Attached>
        ) : (
          draft.replyTo && (
            <Attached icon={Reply} label={i18n.t("Do not reply")} onClose={() => setDraft({ replyTo: null })}>
              <Quote conversationId={conversationId} seq={draft.replyTo} />
            </Attached>
          )
        )}
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
          <IconButton
            label={i18n.t("Formatting")}
            aria-haspopup="dialog"
            className="max-md:hidden"
            onClick={() => setFormatting(true)}
          >
            <CaseSensitive size={22} aria-hidden />
          </IconButton>
          <textarea
            ref={field}
            rows={1}
            value={body}
            aria-label={i18n.t("Message")}
            aria-invalid={tooLong || undefined}
            placeholder={i18n.t("Write a message")}
            onChange={(event) => {
              setBody(event.target.value);
              if (!editing && event.target.value) tellTyping();
            }}
            onKeyDown={onKeyDown}
            className="scroll-y max-h-[calc(8lh+1rem)] min-h-9 grow resize-none bg-transparent px-1 py-[calc((2.25rem-1lh)/2)] text-base outline-none touch:min-h-11 touch:py-[calc((2.75rem-1lh)/2)]"
          />
          <button
            type="submit"
            disabled={empty || tooLong}
            aria-label={editing ? i18n.t("Save") : i18n.t("Send")}
            title={editing ? i18n.t("Save") : i18n.t("Send")}
            className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition disabled:bg-transparent disabled:text-muted touch:size-11"
          >
            <SendHorizontal size={18} aria-hidden className="rtl:-scale-x-100" />
          </button>
        </div>
      </div>
      {body.length > COUNT_FROM && (
        <p role="status" className="tabular px-3 pt-1 text-xs text-muted">
          {tooLong
            ? i18n.t("{count} characters too many", { count: [...body].length - MAX_BODY })
            : i18n.t("{count} characters left", { count: MAX_BODY - [...body].length })}
        </p>
      )}
      {formatting && <FormattingDialog onClose={() => setFormatting(false)} />}
      {emoji && emojiButton.current && (
        <EmojiPopover anchor={emojiButton.current} onPick={insert} onClose={() => setEmoji(false)} />
      )}
    </form>
  );
}

type AttachedProps = { icon: typeof X; label: string; onClose: () => void; children: React.ReactNode };

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

/** As high as its text, up to eight lines. */
function useGrow(field: RefObject<HTMLTextAreaElement | null>, body: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, body]);
}

function useTyping(conversation_id: string) {
  const last = useRef(0);
  return () => {
    if (Date.now() - last.current < TYPING_MS) return;
    last.current = Date.now();
    getSocket()?.send({ type: "typing", conversation_id });
  };
}
