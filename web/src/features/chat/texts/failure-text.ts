// Why a text did not arrive, and what to do: in words, then the code that carriers use.
import { i18n } from "@lingui/core";

const WORDS: Record<number, () => string> = {
  21211: () => i18n.t("This number exists in films only. Check it."),
  21606: () => i18n.t("The carrier does not let this number text there. Use another of your numbers."),
  21610: () => i18n.t("They replied STOP. Write again when they send START."),
  30001: () => i18n.t("The carrier has too much to do. Retry in a few minutes."),
  30002: () => i18n.t("The account with the carrier is suspended. Ask your administrator."),
  30003: () => i18n.t("Phone is off or out of reach. Retry."),
  30004: () => i18n.t("The phone blocks your number. Reach them another way."),
  30005: () => i18n.t("Nobody has this number. Check it."),
  30006: () => i18n.t("This is a landline, which takes no texts. Call, or use a mobile number."),
  30007: () => i18n.t("The carrier took it for spam. Reword it, then send it again."),
  30008: () => i18n.t("The carrier gave no reason. Retry; if it fails again, reword it."),
  30036: () => i18n.t("The phone was not reached in time. Retry."),
};

/** Phone is off or out of reach. Retry. (30003) */
export function failureText(code: number | null): string {
  const words = WORDS[code ?? 0]?.() ?? i18n.t("It did not arrive. Retry.");
  return code ? `${words} (${code})` : words;
}

/** Sending the same again can do no good. */
export const isFinal = (code: number | null) => [21211, 21610, 30005, 30006].includes(code ?? 0);
