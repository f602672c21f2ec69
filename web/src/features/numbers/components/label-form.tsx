import { i18n } from "@lingui/core";
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import type { PhoneNumber } from "../../../api/types";
import { Button } from "../../../ui/button";
import { Field } from "../../../ui/field";
import { useChangeNumber } from "../queries";

const MAX_LABEL = 60;

/** A name by which people tell their numbers apart. */
export function LabelForm({ number }: { number: PhoneNumber }) {
  const change = useChangeNumber(number);
  const [text, setText] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setText(null);
    setTimeout(() => opener.current?.focus());
  };
  if (text === null) {
    return (
      <button
        ref={opener}
        type="button"
        onClick={() => setText(number.label)}
        className="-ms-1.5 inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-control px-1.5 text-muted hover:bg-hover hover:text-ink touch:min-h-11"
      >
        <span className="truncate">{number.label || i18n.t("Add a label")}</span>
        <Pencil size={14} aria-hidden className="shrink-0" />
        {number.label && <span className="sr-only">{i18n.t("Edit label")}</span>}
      </button>
    );
  }
  return (
    <form
      className="flex max-w-110 items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== number.label) change.mutate({ label: text.trim() });
        close();
      }}
    >
      <div className="grow">
        <Field
          hideLabel
          autoFocus
          label={i18n.t("Label")}
          placeholder={i18n.t("Such as: Support")}
          maxLength={MAX_LABEL}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        />
      </div>
      <Button type="submit" look="primary" className="min-h-10">
        {i18n.t("Save label")}
      </Button>
      <Button className="min-h-10" onClick={close}>
        {i18n.t("Cancel")}
      </Button>
    </form>
  );
}
