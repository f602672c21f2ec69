// What a movement of money was, in words, and whether it gave or took.
import { i18n } from "@lingui/core";
import type { Transfer } from "../../api/types";
import { aboutText, verifiedService } from "../../lib/ledger-about";

const FOR: Record<Transfer["from_account"], () => string> = {
  wallet: () => i18n.t("Wallet"),
  held: () => i18n.t("Set aside"),
  payments: () => i18n.t("Top-up"),
  administrators: () => i18n.t("By an administrator"),
  numbers: () => i18n.t("Phone number"),
  texts: () => i18n.t("Text message"),
};

export function transferText({ from_account: from, to_account: to, about }: Transfer): string {
  const service = verifiedService(about);
  if (from === "held" && to === "wallet") return i18n.t("No longer set aside");
  if (isSettled(from, to)) {
    return service === null ? i18n.t("Phone number bought") : i18n.t("Code paid");
  }
  if (to === "held" && about) {
    return service === null
      ? i18n.t("Set aside for {number}", { number: aboutText(about) })
      : i18n.t("Set aside for a code of {service}", { service });
  }
  if (to === "wallet" && (from === "numbers" || from === "texts")) return i18n.t("Refund");
  return FOR[from === "wallet" ? to : from]();
}

type Account = Transfer["from_account"];
const isSettled = (from: Account, to: Account) => from === "held" && to !== "wallet";

/** What was paid of what had been set aside: the balance shrank when it was. */
export const settledAmount = ({ from_account: from, to_account: to, amount_micros: amount }: Transfer) =>
  isSettled(from, to) ? amount : null;

/** What the balance changed by: nothing, where what was set aside is spent. */
export function balanceChange({ from_account: from, to_account: to, amount_micros: amount }: Transfer): number {
  if (to === "wallet") return amount;
  return from === "wallet" ? -amount : 0;
}
