import { i18n } from "@lingui/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { releaseNumber } from "../../../api/calls";
import type { NumberList, PhoneNumber } from "../../../api/types";
import { formatPhone, lastDigits } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { showToast } from "../../../ui/toast";

export function ReleaseCard({ number }: { number: PhoneNumber }) {
  const [asking, setAsking] = useState(false);
  return (
    <section className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-surface p-5">
      <div className="min-w-0 grow basis-60">
        <h3 className="font-semibold">{i18n.t("Release the number")}</h3>
        <p className="text-sm text-muted">
          {i18n.t("It goes back at once, and others can buy it. Its conversations stay readable.")}
        </p>
      </div>
      <Button look="danger" onClick={() => setAsking(true)}>
        {i18n.t("Release number")}
      </Button>
      {asking && <ReleaseDialog number={number} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** Cannot be undone, so it wants more than a press. */
function ReleaseDialog({ number, onClose }: { number: PhoneNumber; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const shown = formatPhone(number.number, number.area_code);
  const valid = text.trim() === lastDigits(number.number);
  const release = useMutation({
    mutationFn: () => releaseNumber(number.id),
    onSuccess: async () => {
      await navigate({ to: "/numbers" });
      client.setQueryData<NumberList>(
        ["numbers"],
        (list) => list && { numbers: list.numbers.filter(({ id }) => id !== number.id) },
      );
      client.invalidateQueries({ queryKey: ["numbers"] });
      client.invalidateQueries({ queryKey: ["offers"] });
      showToast(i18n.t("{number} is released.", { number: shown }));
    },
  });
  const submit = () => valid && release.mutate();
  return (
    <Dialog
      title={i18n.t("Release {number}?", { number: shown })}
      description={i18n.t(
        "You cannot undo this. What is paid for is not returned, and somebody else may buy the number.",
      )}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="danger" busy={release.isPending} disabled={!valid} onClick={submit}>
            {i18n.t("Release number")}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={i18n.t("Type the last 4 digits of the number")}
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          value={text}
          error={release.isError ? problemText(release.error) : null}
          onChange={(event) => setText(event.target.value)}
          className="tabular"
        />
      </form>
    </Dialog>
  );
}
