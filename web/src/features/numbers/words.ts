// What numbers are and can, in words.
import { i18n } from "@lingui/core";
import type { NumberRole, PhoneNumber } from "../../api/types";
import type { Capability, NumberKind } from "../../lib/market-search";

const FAMILIES: Record<NumberKind, () => string> = {
  local: () => i18n.t("Local"),
  mobile: () => i18n.t("Mobile"),
  toll_free: () => i18n.t("Toll-free"),
};

/** For choosing. */
export const familyName = (kind: NumberKind) => FAMILIES[kind]();

/** As the server sorts numbers; in some countries nobody can tell a mobile one from a local one. */
export function kindName(kind: string): string {
  if (kind === "mobile") return FAMILIES.mobile();
  if (kind === "toll_free") return FAMILIES.toll_free();
  return FAMILIES.local();
}

/** A country's kinds as those that one can choose between. */
export function familiesOf(kinds: string[]): NumberKind[] {
  const both = kinds.includes("fixed_line_or_mobile");
  const families: NumberKind[] = [];
  if (both || kinds.includes("fixed_line")) families.push("local");
  if (kinds.includes("mobile")) families.push("mobile");
  if (kinds.includes("toll_free")) families.push("toll_free");
  return families;
}

const CAPABLE: Record<Capability, () => string> = {
  sms: () => i18n.t("SMS"),
  mms: () => i18n.t("MMS"),
  voice: () => i18n.t("Voice"),
};
export const capabilityName = (capability: Capability) => CAPABLE[capability]();

/** What the number can and Convo does not use yet; null if there is no such thing. */
export function notYetText({ mms, voice }: Record<Capability, boolean>): string | null {
  if (mms && voice) return i18n.t("MMS and calls: not in Convo yet");
  if (mms) return i18n.t("MMS: not in Convo yet");
  return voice ? i18n.t("Calls: not in Convo yet") : null;
}

export const roleText = (role: NumberRole) =>
  role === "read" ? i18n.t("Reads only") : role === "answer" ? i18n.t("Reads and answers") : i18n.t("Owner");

export function sharedText({ my_role }: PhoneNumber): string | null {
  if (my_role === "owner") return null;
  return my_role === "read" ? i18n.t("Shared with you to read") : i18n.t("Shared with you to answer");
}
