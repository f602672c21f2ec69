import { i18n } from "@lingui/core";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import type { Message } from "../../../api/types";
import { useUndoUntil } from "../../../realtime/undo";
import { sendAgain, undoText } from "./actions";
import { failureText, isFinal } from "./failure-text";
import { useSecondsLeft } from "./use-seconds-left";

export const fateButton =
  "inline-flex min-h-7 items-center gap-1.5 rounded-control px-2 text-sm font-semibold hover:bg-hover touch:min-h-11";

/** Below a text of ours: for a moment the way back, later why it did not arrive and what to do. */
export function TextFate({ message, mine, canText }: { message: Message; mine: boolean; canText: boolean }) {
  const { delivery } = message;
  const state = delivery?.state;
  const failure = delivery?.failure ?? null;
  // What fails while it is seen is told at once; what failed before is there to be read.
  const [known] = useState(state);
  const until = useUndoUntil(mine ? message.client_id : null);
  if (state === "queued" && until > 0) return <Undo message={message} until={until} />;
  if (state !== "failed" && state !== "unknown") return null;
  const failed = state === "failed";
  return (
    <div
      role={known === state ? undefined : "alert"}
      className="mt-1 flex flex-wrap items-center justify-end gap-x-1 text-sm"
    >
      <span className={failed ? "text-danger" : "text-warn"}>
        {failed ? failureText(failure) : i18n.t("May have arrived. Not sent again by itself.")}
      </span>
      {canText && !(failed && isFinal(failure)) && (
        <button type="button" className={`${fateButton} text-accent`} onClick={() => sendAgain(message)}>
          {failed ? i18n.t("Retry") : i18n.t("Send again")}
        </button>
      )}
    </div>
  );
}

function Undo({ message, until }: { message: Message; until: number }) {
  const seconds = useSecondsLeft(until);
  if (seconds === 0) return null;
  return (
    <div className="mt-0.5 flex items-center justify-end gap-1 text-xs text-muted">
      <span className="tabular">
        {i18n.t("{seconds, plural, one {Leaves in # second} other {Leaves in # seconds}}", { seconds })}
      </span>
      <UndoButton onClick={() => undoText(message)} />
    </div>
  );
}

export function UndoButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className={`${fateButton} text-accent`} onClick={onClick}>
      <Undo2 size={15} aria-hidden className="rtl:-scale-x-100" />
      {i18n.t("Undo")}
    </button>
  );
}
