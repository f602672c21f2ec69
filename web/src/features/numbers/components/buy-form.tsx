import { i18n } from "@lingui/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck } from "lucide-react";
import { ApiError, isCode } from "../../../api/errors";
import type { NumberOffer, PhoneNumber } from "../../../api/types";
import { TopUpForm } from "../../../billing/top-up";
import { useWallet } from "../../../billing/wallets";
import { cx } from "../../../lib/cx";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { settleWish, wishFor } from "../../../lib/wishes";
import { Button } from "../../../ui/button";
import { showError } from "../../../ui/toast";
import { forgetOffer, useBuy } from "../queries";

type Props = { offer: NumberOffer; onGone?: () => void; short?: boolean };

/** Buying waits for the server: only what it has sold is shown as bought. */
export function BuyForm({ offer, onGone, short }: Props) {
  const client = useQueryClient();
  const { wallet, currency } = useWallet(offer.mode);
  const buy = useBuy();
  const price = offer.monthly_micros;
  const money = (micros: number) => formatMoney(micros, currency);
  const wish = `buy ${offer.number} ${price}`;
  const after = wallet ? wallet.balance_micros - price : null;
  const lacks =
    (after !== null && wallet && after < -wallet.credit_limit_micros) || isCode(buy.error, "not_enough_money");
  const submit = () =>
    buy.mutate(
      { offer, wish: wishFor(wish) },
      {
        onSuccess: () => {
          settleWish(wish);
          forgetOffer(client, offer.number);
        },
        onError: (error) => {
          if (error instanceof ApiError && error.status < 500) settleWish(wish);
          if (!isCode(error, "number_gone")) return;
          showError(problemText(error));
          forgetOffer(client, offer.number);
          onGone?.();
        },
      },
    );
  if (buy.data) return <Bought number={buy.data} />;
  return (
    <div className="flex flex-col gap-3">
      {!short && (
        <>
          <h4 className="text-sm font-semibold">{i18n.t("What happens next")}</h4>
          <p className="text-sm text-muted">
            {i18n.t(
              "You pay {price} now and have the number at once. After 30 days it renews itself for the same price, until you switch that off.",
              { price: money(price) },
            )}
          </p>
        </>
      )}
      {wallet && (
        <dl className="tabular grid grid-cols-[1fr_auto] gap-y-1 text-sm">
          <dt className="text-muted">{offer.mode === "test" ? i18n.t("Test money now") : i18n.t("Real money now")}</dt>
          <dd className="text-end">{money(wallet.balance_micros)}</dd>
          <dt className="text-muted">{i18n.t("Afterwards")}</dt>
          <dd className={cx("text-end font-medium", lacks && "text-danger")}>{money(after ?? 0)}</dd>
        </dl>
      )}
      {lacks && offer.mode === "test" && (
        <div className="flex flex-col gap-2">
          <p className="flex items-start gap-1.5 text-sm text-danger">
            <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
            {i18n.t("There is too little test money for it. Add some; it costs nothing.")}
          </p>
          <TopUpForm currency={currency} onDone={() => buy.reset()} />
        </div>
      )}
      {lacks && offer.mode === "live" && (
        <p className="text-sm text-danger">{i18n.t("Real money comes from an administrator of this server.")}</p>
      )}
      {buy.isError && !lacks && (
        <p role="alert" className="flex items-start gap-1.5 text-sm text-danger">
          <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
          {problemText(buy.error)}
        </p>
      )}
      <Button look="primary" wide={!short} busy={buy.isPending} disabled={!wallet || lacks} onClick={submit}>
        {i18n.t("Buy for {price}/month", { price: money(price) })}
      </Button>
    </div>
  );
}

const linkLook =
  "inline-flex min-h-9 items-center justify-center rounded-control border border-control bg-surface px-3.5 text-sm font-medium hover:bg-hover touch:min-h-11";

function Bought({ number }: { number: PhoneNumber }) {
  const isSure = number.state === "owned";
  return (
    <div role="status" className="flex flex-col gap-3">
      <p className="flex items-start gap-2 font-medium">
        <CircleCheck size={18} className="mt-0.5 shrink-0 text-ok" aria-hidden />
        {isSure
          ? i18n.t("{number} is yours.", { number: formatPhone(number.number, number.area_code) })
          : i18n.t("The purchase is on its way. The number appears under My numbers as soon as it is yours.")}
      </p>
      {isSure && (
        <div className="grid gap-2">
          {number.sms && (
            <Link to="/" className={linkLook}>
              {i18n.t("Text from it")}
            </Link>
          )}
          {number.mode === "test" && (
            <Link to="/numbers/handsets" search={{ new: true }} className={linkLook}>
              {i18n.t("Open a handset")}
            </Link>
          )}
          <Link to="/numbers/$numberId" params={{ numberId: number.id }} className={linkLook}>
            {i18n.t("Manage the number")}
          </Link>
        </div>
      )}
    </div>
  );
}
