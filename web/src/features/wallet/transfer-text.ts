// What a movement of money was, in words, and whether it gave or took.
import { i18n } from "@lingui/core";
import type { Transfer } from "../../api/types";

const FOR: Record<Transfer["from_account"], () => string> = {
  wallet: () => i18n.t("Wallet"),
  held: () => i18n.t("Set aside"),
  payments: () => i18n.t("Top-up"),
  administrators: () => i18n.t("By an administrator"),
  numbers: () => i18n.t("Phone number"),
  texts: () => i18n.t("Text message"),
};

export function transferText({ from_account: from, to_account: to }: Transfer): string {
  if (from === "held" && to === "wallet") return i18n.t("No longer set aside");
  if (from === "held") return FOR[to]();
  if (to === "wallet" && (from === "numbers" || from === "texts")) return i18n.t("Refund");
  return FOR[from === "wallet" ? to : from]();
}

/** What the balance changed by: nothing, where what was set aside is spent. */
export function balanceChange({ from_account: from, to_account: to, amount_micros: amount }: Transfer): number {
  if (to === "wallet") return amount;
  return from === "wallet" ? -amount : 0;
}
