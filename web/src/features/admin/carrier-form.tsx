import { i18n } from "@lingui/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { saveCarrier } from "../../api/calls";
import type { AdminCarrier } from "../../api/types";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, Select } from "../../ui/field";
import { Switch } from "../../ui/switch";
import { type Draft, draftOf, isName, nameRule, problemsOf, settingsOf } from "./carrier-draft";

type Texts = { [Key in keyof Draft]: Draft[Key] extends string ? Key : never }[keyof Draft];

/** A new carrier, or the change of one. */
export function CarrierForm({ carrier, onClose }: { carrier?: AdminCarrier; onClose: () => void }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(carrier));
  const save = useMutation({
    mutationFn: () => saveCarrier(draft.name.trim(), settingsOf(draft, carrier?.settings)),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["carriers"] });
      onClose();
    },
  });
  const set = (change: Partial<Draft>) => {
    save.reset();
    setDraft((before) => ({ ...before, ...change }));
  };
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft);
  const isWell = Object.keys(problems).length === 0;
  const isMisnamed = !isName(draft.name) && (tried || draft.name !== "");
  const choice = (field: Texts) => ({
    value: draft[field],
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
  });
  const text = (field: Texts) => ({ ...choice(field), error: tried ? problems[field] : null });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isWell) return save.mutate();
    // The fields are marked at once, so that the first of them can be found.
    flushSync(() => setTried(true));
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  };
  return (
    <Dialog
      wide
      title={carrier ? i18n.t("Change {name}", { name: carrier.name }) : i18n.t("Add carrier")}
      description={i18n.t("With the account that the carrier gave you for SMPP 3.4.")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={save.isPending} onClick={() => submit()}>
            {i18n.t("Save")}
          </Button>
        </>
      }
    >
      <form ref={form} noValidate className="flex flex-col gap-6" onSubmit={submit}>
        {save.isError && (
          <p role="alert" className="rounded-card border border-danger p-3 text-sm text-danger">
            {problemText(save.error)}
          </p>
        )}
        <div className="grid gap-4 md:grid-cols-2">
          <Field
            label={i18n.t("Name")}
            hint={isMisnamed ? null : i18n.t("Small letters, digits and hyphens. It cannot be changed later.")}
            disabled={Boolean(carrier)}
            autoCapitalize="none"
            {...text("name")}
            error={isMisnamed ? nameRule() : null}
          />
          <Select
            label={i18n.t("World")}
            hint={i18n.t("A test server reaches no real phones. It cannot be changed later.")}
            disabled={Boolean(carrier)}
            {...choice("world")}
          >
            <option value="live">{i18n.t("Real phones, real money")}</option>
            <option value="simulated">{i18n.t("Test server, test money")}</option>
          </Select>
        </div>
        <Part title={i18n.t("Connection")}>
          <Field label={i18n.t("Host")} autoCapitalize="none" {...text("host")} />
          <Field label={i18n.t("Port")} inputMode="numeric" {...text("port")} />
          <Field label={i18n.t("System ID")} autoComplete="off" autoCapitalize="none" {...text("system_id")} />
          <Field
            label={i18n.t("Password")}
            type="password"
            autoComplete="new-password"
            hint={carrier?.has_password ? i18n.t("Left empty, it stays as it is.") : undefined}
            {...text("password")}
          />
          <Field label={i18n.t("System type")} hint={i18n.t("Mostly empty.")} {...text("system_type")} />
          <Field
            label={i18n.t("Country")}
            hint={i18n.t("Two letters: where its short codes are at home.")}
            maxLength={2}
            autoCapitalize="characters"
            {...text("country")}
          />
          <Select label={i18n.t("Connections")} {...choice("bind")}>
            <option value="transceiver">{i18n.t("One for both ways")}</option>
            <option value="pair">{i18n.t("One for each way")}</option>
          </Select>
          <div className="flex items-end">
            <div className="grow">
              <Switch label={i18n.t("TLS")} checked={draft.tls} onChange={(tls) => set({ tls })} />
            </div>
          </div>
        </Part>
        <Part title={i18n.t("Speed")}>
          <Field label={i18n.t("Segments a second")} inputMode="numeric" {...text("rate")} />
          <Field
            label={i18n.t("Of one number")}
            hint={i18n.t("Empty: as fast as the carrier.")}
            inputMode="numeric"
            {...text("senderRate")}
          />
          <Field
            label={i18n.t("Window")}
            hint={i18n.t("Segments without an answer at once.")}
            inputMode="numeric"
            {...text("window")}
          />
        </Part>
        <Part title={i18n.t("Ways and prices")}>
          <Field
            label={i18n.t("Prefixes")}
            hint={i18n.t("Such as 44 49 1212. Empty: everywhere.")}
            inputMode="tel"
            {...text("prefixes")}
          />
          <Field label={i18n.t("Priority")} hint={i18n.t("The lowest goes first.")} {...text("priority")} />
          <Field label={i18n.t("Price of a segment")} inputMode="decimal" {...text("price")} />
          <Field label={i18n.t("Price of one that arrives")} inputMode="decimal" {...text("inbound")} />
          <div className="md:col-span-2">
            <Switch
              label={i18n.t("Takes texts from numbers of other carriers")}
              hint={i18n.t("Then it steps in when they are down. Most carriers refuse senders that they do not know.")}
              checked={draft.anySender}
              onChange={(anySender) => set({ anySender })}
            />
            <Switch label={i18n.t("Switched on")} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
          </div>
        </Part>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-2 font-semibold">{title}</legend>
      <div className="grid gap-4 md:grid-cols-2">{children}</div>
    </fieldset>
  );
}
