// What the ledger says a movement of money was about. The server writes it once, in English.
import { i18n } from "@lingui/core";
import { formatParty } from "./phone";

const VERIFICATION = "Verification: ";

/** The service whose code was paid for; null if it was about anything else. */
export const verifiedService = (about: string): string | null =>
  about.startsWith(VERIFICATION) ? about.slice(VERIFICATION.length) : null;

/** In the language of the person, with numbers in groups. */
export function aboutText(about: string): string {
  const name = verifiedService(about);
  return name === null ? formatParty(about) : i18n.t("Verification: {name}", { name });
}
