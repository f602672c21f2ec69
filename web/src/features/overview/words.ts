import { i18n } from "@lingui/core";
import type { Activity, Warning } from "../../api/types";
import { formatDate } from "../../lib/format";
import { aboutText, verifiedService } from "../../lib/ledger-about";
import { formatMoney } from "../../lib/money";
import { formatParty, formatPhone } from "../../lib/phone";

/** What needs somebody: what will happen, and what is missing. */
export function warningText(warning: Warning, currency: string): string {
  switch (warning.kind) {
    case "number_unpaid":
      return i18n.t("{number} is not paid for. It still receives, and is given back on {date}.", {
        number: formatPhone(warning.number),
        date: formatDate(warning.grace_until),
      });
    case "number_lacks_money":
      return i18n.t("{number} renews itself before {date}, and the wallet lacks {amount}.", {
        number: formatPhone(warning.number),
        date: formatDate(warning.paid_until),
        amount: formatMoney(warning.missing_micros, currency),
      });
    case "number_ends":
      return i18n.t("{number} ends on {date}, because it does not renew itself.", {
        number: formatPhone(warning.number),
        date: formatDate(warning.paid_until),
      });
    case "many_failed":
      return i18n.t("{failed} of {sent} texts of the last seven days did not arrive.", {
        failed: warning.failed,
        sent: warning.sent,
      });
    case "wallet_overdrawn":
      return warning.mode === "test"
        ? i18n.t("The wallet with test money owes {amount}.", {
            amount: formatMoney(-warning.balance_micros, currency),
          })
        : i18n.t("The wallet with real money owes {amount}.", {
            amount: formatMoney(-warning.balance_micros, currency),
          });
    case "email_unverified":
      return i18n.t("Your email address is not confirmed. Follow the link in the mail we sent.");
  }
}

export function activityText({ kind, number, about, count }: Activity): string {
  const phone = number ? formatPhone(number) : "";
  switch (kind) {
    case "topped_up":
      return i18n.t("Topped up");
    case "adjusted":
      return i18n.t("Changed by an administrator");
    case "number_bought": {
      const service = verifiedService(number ?? "");
      if (service !== null) return i18n.t("Paid for a code of {service}", { service });
      return i18n.t("Bought {number}", { number: phone });
    }
    case "number_renewed":
      return i18n.t("Renewed {number}", { number: phone });
    case "spent":
      return i18n.t("Paid");
    case "signed_in":
      return i18n.t("Signed in");
    case "number_shared":
      return i18n.t("{number} was shared with you", { number: phone });
    case "opted_out":
      return i18n.t("{party} replied STOP to {number}", { party: formatParty(about ?? ""), number: phone });
    case "texts_failed":
      return i18n.t("{count, plural, one {# text did not arrive} other {# texts did not arrive}}", {
        count: count ?? 0,
      });
  }
}

/** Only what the sentence does not say already. */
export const activityAbout = ({ kind, about }: Activity) =>
  about && kind !== "opted_out" && kind !== "signed_in" ? aboutText(about) : null;

/** What money was spent on, as the ledger names it. */
export function costName(kind: string): string {
  if (kind === "texts") return i18n.t("Texts");
  if (kind === "numbers") return i18n.t("Numbers");
  if (kind === "verifications") return i18n.t("Codes");
  return kind;
}
