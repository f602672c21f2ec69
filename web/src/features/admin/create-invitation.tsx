import { i18n } from "@lingui/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createInvitation } from "../../api/calls";
import { formatMoment } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { useOnce } from "../../lib/use-once";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { Dialog } from "../../ui/dialog";
import { Field, Select } from "../../ui/field";
import { showError } from "../../ui/toast";

const DAY = 86_400;

export function CreateInvitation({ onClose }: { onClose: () => void }) {
  const [uses, setUses] = useState("1");
  const [days, setDays] = useState("7");
  const create = useMutation({ mutationFn: createInvitation, onError: (error) => showError(problemText(error)) });
  const once = useOnce();
  const made = create.data;
  if (made?.url) {
    return (
      <Dialog
        title={i18n.t("The invitation is ready")}
        description={i18n.t("Copy the link now: it is not shown again. Good until {moment}.", {
          moment: formatMoment(made.expires_at),
        })}
        onClose={onClose}
        footer={<CopyButton text={made.url} label={i18n.t("Copy link")} />}
      >
        <Field
          label={i18n.t("Invitation link")}
          readOnly
          value={made.url}
          className="font-mono text-sm"
          onFocus={(event) => event.target.select()}
        />
      </Dialog>
    );
  }
  const wanted = Number(uses);
  const valid = Number.isInteger(wanted) && wanted >= 1 && wanted <= 1000;
  return (
    <Dialog
      title={i18n.t("Create invitation")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button
            look="primary"
            busy={create.isPending}
            disabled={!valid}
            onClick={() => once(() => create.mutateAsync({ max_uses: wanted, expires_in_secs: Number(days) * DAY }))}
          >
            {i18n.t("Create link")}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-4">
        <Field
          label={i18n.t("How many people")}
          type="number"
          min={1}
          max={1000}
          inputMode="numeric"
          value={uses}
          error={valid ? null : i18n.t("From 1 to 1,000.")}
          onChange={(event) => setUses(event.target.value)}
        />
        <Select label={i18n.t("Good for")} value={days} onChange={(event) => setDays(event.target.value)}>
          {[1, 7, 30].map((each) => (
            <option key={each} value={each}>
              {i18n.t("{count, plural, one {# day} other {# days}}", { count: each })}
            </option>
          ))}
        </Select>
      </div>
    </Dialog>
  );
}
