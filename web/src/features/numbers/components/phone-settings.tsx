import { i18n } from "@lingui/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteHandset } from "../../../api/calls";
import type { Handset } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Field, Select } from "../../../ui/field";
import { showError } from "../../../ui/toast";
import { useChangeHandset } from "../handset-queries";

const MAX_LABEL = 60;
const LATENCIES = [0, 200, 1_000, 5_000, 30_000, 300_000];

function duration(ms: number): string {
  if (ms === 0) return i18n.t("None");
  const [value, unit] =
    ms < 1_000 ? [ms, "millisecond"] : ms < 60_000 ? [ms / 1_000, "second"] : [ms / 60_000, "minute"];
  return new Intl.NumberFormat(i18n.locale || "en", {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 1,
  } as Intl.NumberFormatOptions).format(value);
}

/** The name of a phone, and how bad its network is. */
export function PhoneSettings({ handset, onClose }: { handset: Handset; onClose: () => void }) {
  const change = useChangeHandset(handset);
  const [label, setLabel] = useState(handset.label);
  const [latency, setLatency] = useState(handset.latency_ms);
  const [loss, setLoss] = useState(String(handset.loss_percent));
  const [deleting, setDeleting] = useState(false);
  const percent = Number(loss);
  const valid = label.trim() !== "" && /^\d{1,3}$/.test(loss) && percent <= 100;
  if (deleting) return <DeleteQuestion handset={handset} onBack={() => setDeleting(false)} />;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!valid) return;
        change.mutate({ label: label.trim(), latency_ms: latency, loss_percent: percent });
        onClose();
      }}
    >
      <Field
        label={i18n.t("Name")}
        value={label}
        maxLength={MAX_LABEL}
        onChange={(event) => setLabel(event.target.value)}
      />
      <Select
        label={i18n.t("Delay of each text")}
        value={latency}
        onChange={(event) => setLatency(Number(event.target.value))}
      >
        {[...new Set([...LATENCIES, handset.latency_ms])]
          .sort((a, b) => a - b)
          .map((ms) => (
            <option key={ms} value={ms}>
              {duration(ms)}
            </option>
          ))}
      </Select>
      <Field
        label={i18n.t("Texts that get lost, in percent")}
        inputMode="numeric"
        value={loss}
        error={valid || label.trim() === "" ? null : i18n.t("From 0 to 100.")}
        onChange={(event) => setLoss(event.target.value)}
      />
      <div className="flex items-center gap-2 border-t border-line pt-3">
        <Button look="danger" icon={<Trash2 size={15} aria-hidden />} onClick={() => setDeleting(true)}>
          {i18n.t("Delete")}
        </Button>
        <span className="grow" />
        <Button type="submit" look="primary" disabled={!valid}>
          {i18n.t("Save settings")}
        </Button>
      </div>
    </form>
  );
}

function DeleteQuestion({ handset, onBack }: { handset: Handset; onBack: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteHandset(handset.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["handsets"] }),
    onError: (error) => showError(problemText(error)),
  });
  return (
    <div className="flex flex-col gap-3">
      <p className="font-semibold">{i18n.t("Delete {name}?", { name: handset.label })}</p>
      <p className="text-sm text-muted">
        {i18n.t("Its number and its texts are gone. Conversations in the inbox stay.")}
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{i18n.t("Cancel")}</Button>
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {i18n.t("Delete handset")}
        </Button>
      </div>
    </div>
  );
}
