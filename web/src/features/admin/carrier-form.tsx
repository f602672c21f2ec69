import { i18n } from "@lingui/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { saveCarrier } from "../../api/calls";
import type { AdminCarrier, CarrierSettings } from "../../api/types";
import { formatMicros, parseMoney } from "../../lib/money";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, Select } from "../../ui/field";
import { Switch } from "../../ui/switch";

/** As somebody types it: text in every field. */
type Draft = {
  name: string;
  enabled: boolean;
  world: "live" | "simulated";
  host: string;
  port: string;
  tls: boolean;
  system_id: string;
  password: string;
  system_type: string;
  bind: "transceiver" | "pair";
  country: string;
  window: string;
  rate: string;
  senderRate: string;
  prefixes: string;
  priority: string;
  anySender: boolean;
  price: string;
  inbound: string;
};

function draftOf(carrier?: AdminCarrier): Draft {
  const settings = carrier?.settings;
  const smpp = settings?.smpp;
  return {
    name: carrier?.name ?? "",
    enabled: settings?.enabled ?? true,
    world: smpp?.world ?? "live",
    host: smpp?.host ?? "",
    port: String(smpp?.port ?? 2775),
    tls: Boolean(smpp?.tls),
    system_id: smpp?.system_id ?? "",
    password: "",
    system_type: smpp?.system_type ?? "",
    bind: smpp?.bind ?? "transceiver",
    country: smpp?.country ?? "",
    window: String(smpp?.window ?? 10),
    rate: String(smpp?.segments_per_second ?? 10),
    senderRate: String(settings?.segments_per_sender_second ?? ""),
    prefixes: settings?.routes?.prefixes?.join(" ") ?? "",
    priority: String(settings?.routes?.priority ?? 100),
    anySender: settings?.routes?.any_sender ?? false,
    price: formatMicros(settings?.prices?.text_micros ?? 0),
    inbound: formatMicros(settings?.prices?.inbound_micros ?? 0),
  };
}

/** What the form does not show stays as it was. */
function settingsOf(draft: Draft, before?: CarrierSettings | null): CarrierSettings {
  const { password: _, ...kept } = before?.smpp ?? ({} as Partial<CarrierSettings["smpp"]>);
  return {
    enabled: draft.enabled,
    smpp: {
      ...kept,
      host: draft.host.trim(),
      port: Number(draft.port),
      tls: draft.tls ? (before?.smpp.tls ?? {}) : null,
      system_id: draft.system_id,
      ...(draft.password ? { password: draft.password } : {}),
      system_type: draft.system_type,
      bind: draft.bind,
      country: draft.country.trim().toUpperCase(),
      world: draft.world,
      window: Number(draft.window),
      segments_per_second: Number(draft.rate),
    } as CarrierSettings["smpp"],
    routes: {
      failover_after_secs: 10,
      ...before?.routes,
      prefixes: draft.prefixes
        .split(/[\s,;]+/)
        .map((prefix) => prefix.replace(/^\+/, ""))
        .filter(Boolean),
      priority: Number(draft.priority),
      any_sender: draft.anySender,
    },
    prices: {
      by_prefix: {},
      ...before?.prices,
      text_micros: parseMoney(draft.price) ?? 0,
      inbound_micros: parseMoney(draft.inbound) ?? 0,
    },
    segments_per_sender_second: draft.senderRate ? Number(draft.senderRate) : null,
  };
}

const isWhole = (text: string) => /^-?\d{1,6}$/.test(text.trim());

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
  const text = (field: { [Key in keyof Draft]: Draft[Key] extends string ? Key : never }[keyof Draft]) => ({
    value: draft[field],
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
  });
  const amounts = [draft.price, draft.inbound].every((amount) => parseMoney(amount) !== null);
  const numbers = [draft.port, draft.window, draft.rate, draft.priority].every(isWhole);
  const filled = [draft.name, draft.host, draft.system_id, draft.country].every((field) => field.trim() !== "");
  const ready = amounts && numbers && filled && (draft.senderRate === "" || isWhole(draft.senderRate));
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (ready) save.mutate();
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
          <Button look="primary" busy={save.isPending} disabled={!ready} onClick={() => submit()}>
            {i18n.t("Save")}
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-6" onSubmit={submit}>
        {save.isError && (
          <p role="alert" className="rounded-card border border-danger p-3 text-sm text-danger">
            {problemText(save.error)}
          </p>
        )}
        <div className="grid gap-4 md:grid-cols-2">
          <Field
            label={i18n.t("Name")}
            hint={i18n.t("Small letters, digits and hyphens. It stays.")}
            disabled={Boolean(carrier)}
            maxLength={30}
            autoCapitalize="none"
            {...text("name")}
          />
          <Select
            label={i18n.t("World")}
            hint={i18n.t("A test server is no way to real phones. It stays.")}
            disabled={Boolean(carrier)}
            {...text("world")}
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
          <Select label={i18n.t("Connections")} {...text("bind")}>
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
