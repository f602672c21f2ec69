import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { formatMoney } from "../../../lib/money";
import { useEntry } from "../../../realtime/chat-store";
import type { Reason } from "../../../realtime/outbox";
import { useOwnNumber, useWallets } from "./queries";

/** The wallet that pays for a text has too little: whose it is decides who can do something about it. */
export function MissingMoney({ conversationId, reason }: { conversationId: string; reason: Reason }) {
  const line = useEntry(conversationId)?.conversation.line ?? null;
  const number = useOwnNumber(line);
  const { data } = useWallets();
  const mode = reason.mode ?? number?.mode;
  const micros = reason.missing_micros;
  const currency = data?.currency;
  if (number && number.my_role !== "owner") {
    return <span className="text-danger">{i18n.t("The wallet of this number's owner has too little. Ask them.")}</span>;
  }
  return (
    <>
      <span className="text-danger">
        {micros && currency
          ? i18n.t("The wallet lacks {amount}. Top it up, then retry.", { amount: formatMoney(micros, currency) })
          : i18n.t("There is too little in the wallet. Top it up, then try again.")}
      </span>
      <Link
        to="/settings/wallet"
        search={mode === "live" ? { mode } : {}}
        className="inline-flex min-h-7 items-center px-2 font-semibold text-accent underline underline-offset-2 touch:min-h-11"
      >
        {i18n.t("Open wallet")}
      </Link>
    </>
  );
}
