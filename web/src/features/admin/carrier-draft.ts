// What an administrator types of a carrier, and the settings that come of it.
import { i18n } from "@lingui/core";
import type { AdminCarrier, CarrierSettings } from "../../api/types";
import { formatMicros, parseMoney } from "../../lib/money";

/** As somebody types it: text in every field. */
export type Draft = {
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

export function draftOf(carrier?: AdminCarrier): Draft {
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
export function settingsOf(draft: Draft, before?: CarrierSettings | null): CarrierSettings {
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
const NAME = /^[a-z0-9-]{1,30}$/;
const COUNTRY = /^[A-Za-z]{2}$/;

/** What is wrong with each field, in the words that mend it; nothing where all is well. */
export function problemsOf(draft: Draft): Partial<Record<keyof Draft, string>> {
  const found: Partial<Record<keyof Draft, string>> = {};
  const check = (fields: (keyof Draft)[], isWell: (text: string) => boolean, words: string) => {
    for (const field of fields) if (!isWell(String(draft[field]).trim())) found[field] = words;
  };
  check(["host", "system_id"], (text) => text !== "", i18n.t("Fill this in. The carrier told you."));
  check(["port", "window", "rate", "priority"], isWhole, i18n.t("Type a whole number."));
  check(["senderRate"], (text) => text === "" || isWhole(text), i18n.t("Type a whole number, or nothing."));
  check(["price", "inbound"], (text) => parseMoney(text) !== null, i18n.t("Type an amount, such as 1.50."));
  check(["country"], (text) => COUNTRY.test(text), i18n.t("Type the two letters of a country, such as GB."));
  check(["name"], isName, nameRule());
  return found;
}

export const isName = (text: string) => NAME.test(text.trim());
export const nameRule = () => i18n.t("Use 1 to 30 small letters from a to z, digits and hyphens, such as acme-uk.");
