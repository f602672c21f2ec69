import { i18n } from "@lingui/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { suppressNumbers } from "../../api/calls";
import type { Suppressed } from "../../api/types";
import { countryName, ownCountry } from "../../lib/countries";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, TextArea } from "../../ui/field";
import { showToast } from "../../ui/toast";

const MAX_LINES = 1000;
const MAX_REASON = 200;

/** One number a line. What was taken is taken; what was no number stays in the field to be mended. */
export function SuppressNumbers({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [report, setReport] = useState<Suppressed | null>(null);
  const country = ownCountry();
  const lines = text.split(/\r?\n/);
  const count = lines.filter((line) => line.trim() !== "").length;
  const tooMany = lines.length > MAX_LINES;
  const add = useMutation({
    mutationFn: () => suppressNumbers({ numbers: lines, country: country ?? undefined, reason }),
    onSuccess: (done) => {
      showToast(
        i18n.t("{count, plural, one {# number was added to the list.} other {# numbers were added to the list.}}", {
          count: done.added,
        }),
      );
      if (done.bad.length === 0) onClose();
      else {
        setReport(done);
        setText(done.bad.map((line) => line.text).join("\n"));
      }
    },
  });
  const ready = count > 0 && !tooMany && reason.trim() !== "";
  return (
    <Dialog
      title={i18n.t("Add numbers to the suppression list")}
      onClose={onClose}
      wide
      footer={
        <>
          <Button onClick={onClose}>{report ? i18n.t("Close") : i18n.t("Cancel")}</Button>
          <Button look="primary" busy={add.isPending} disabled={!ready} onClick={() => add.mutate()}>
            {i18n.t("Add numbers")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) add.mutate();
        }}
      >
        {report && <Report report={report} />}
        <TextArea
          label={i18n.t("Numbers")}
          hint={
            country
              ? i18n.t("One a line, up to 1,000. Those without + are read as numbers from {country}.", {
                  country: countryName(country),
                })
              : i18n.t("One a line, up to 1,000, each with + and the country's code.")
          }
          rows={6}
          value={text}
          spellCheck={false}
          className="tabular font-mono text-sm"
          error={tooMany ? i18n.t("These are more than 1,000 lines. Add them in parts.") : null}
          onChange={(event) => setText(event.target.value)}
        />
        <Field
          label={i18n.t("Reason")}
          hint={i18n.t("Other administrators read it.")}
          maxLength={MAX_REASON}
          value={reason}
          error={add.isError ? problemText(add.error) : null}
          onChange={(event) => setReason(event.target.value)}
        />
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Report({ report: { added, known, bad } }: { report: Suppressed }) {
  return (
    <div role="alert" className="rounded-card border border-warn p-3 text-sm">
      <p className="font-medium">
        {i18n.t("{added} added, {known} were there already, {bad} could not be read:", {
          added,
          known,
          bad: bad.length,
        })}
      </p>
      <ul className="scroll-y mt-1.5 flex max-h-40 flex-col gap-1">
        {bad.map(({ line, text, detail }) => (
          <li key={line} className="break-words">
            <span className="text-muted">{i18n.t("Line {line}:", { line })}</span>{" "}
            <code className="font-mono">{text}</code> <span className="text-muted">{detail}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
