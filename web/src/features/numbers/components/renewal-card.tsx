import { i18n } from "@lingui/core";
import { useState } from "react";
import { ApiError, isCode } from "../../../api/errors";
import type { PhoneNumber } from "../../../api/types";
import { TopUpForm } from "../../../billing/top-up";
import { useWallet } from "../../../billing/wallets";
import { cx } from "../../../lib/cx";
import { formatDate, formatExact } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { problemText } from "../../../lib/problem-text";
import { settleWish, wishFor } from "../../../lib/wishes";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Card } from "../../../ui/section-layout";
import { showToast } from "../../../ui/toast";
import { useChangeNumber, useRenew } from "../queries";
import { endsSoon, formatDistance, renewalOf } from "../renewal";
import { AutoRenew } from "./auto-renew";

type Props = { number: PhoneNumber; currency: string };
const tones = { plain: "", warn: "text-warn", danger: "text-danger" } as const;

export function RenewalCard({ number, currency }: Props) {
  const change = useChangeNumber(number);
  const [renewing, setRenewing] = useState(false);
  const renewal = renewalOf(number);
  const owned = number.my_role === "owner" && number.state === "owned";
  const cancelled = number.cancelled_at !== null;
  const price = formatMoney(number.monthly_micros, currency);
  return (
    <Card>
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 grow basis-48">
          <h3 className="text-sm text-muted">{i18n.t("Renewal")}</h3>
          <p className={cx("text-lg font-semibold tracking-tight", tones[renewal.tone])}>{renewal.text}</p>
          {renewal.at && (
            <time dateTime={renewal.at} title={formatExact(renewal.at)} className="text-sm text-muted">
              {formatDistance(renewal.at)}
            </time>
          )}
        </div>
        {owned && (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => change.mutate({ cancelled: !cancelled })}>
              {cancelled ? i18n.t("Keep the number") : i18n.t("Cancel at the end")}
            </Button>
            <Button look={endsSoon(number) ? "primary" : "secondary"} onClick={() => setRenewing(true)}>
              {i18n.t("Renew now")}
            </Button>
          </div>
        )}
      </div>
      {owned && (
        <div className="mt-3 border-t border-line pt-2">
          <AutoRenew
            number={number}
            hint={
              cancelled
                ? i18n.t("It is cancelled, so nothing is charged any more.")
                : number.auto_renew
                  ? i18n.t("{price} are taken from the wallet a day before the paid time ends.", { price })
                  : i18n.t(
                      "Nothing is charged by itself. When the paid time ends, it still receives for a while and then goes back.",
                    )
            }
          />
        </div>
      )}
      {renewing && <RenewDialog number={number} onClose={() => setRenewing(false)} />}
    </Card>
  );
}

function RenewDialog({ number, onClose }: { number: PhoneNumber; onClose: () => void }) {
  const { wallet, currency } = useWallet(number.mode);
  const renew = useRenew(number);
  const price = number.monthly_micros;
  const money = (micros: number) => formatMoney(micros, currency);
  const lacks = isCode(renew.error, "not_enough_money");
  const wish = `renew ${number.id} ${number.paid_until}`;
  const submit = () =>
    renew.mutate(wishFor(wish), {
      onSuccess: ({ paid_until }) => {
        settleWish(wish);
        if (paid_until) showToast(i18n.t("It is paid until {date}.", { date: formatDate(paid_until) }));
        onClose();
      },
      onError: (error) => error instanceof ApiError && error.status < 500 && settleWish(wish),
    });
  return (
    <Dialog
      title={i18n.t("Renew for 30 more days")}
      description={i18n.t("They follow what is paid for already, so nothing is lost by renewing early.")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={renew.isPending} onClick={submit}>
            {i18n.t("Renew for {price}", { price: money(price) })}
          </Button>
        </>
      }
    >
      {wallet && (
        <dl className="tabular grid grid-cols-[1fr_auto] gap-y-1 text-sm">
          <dt className="text-muted">{number.mode === "test" ? i18n.t("Test money now") : i18n.t("Real money now")}</dt>
          <dd className="text-end">{money(wallet.balance_micros)}</dd>
          <dt className="text-muted">{i18n.t("Afterwards")}</dt>
          <dd className="text-end font-medium">{money(wallet.balance_micros - price)}</dd>
        </dl>
      )}
      {renew.isError && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {problemText(renew.error)}
        </p>
      )}
      {lacks && number.mode === "test" && (
        <div className="mt-2">
          <TopUpForm currency={currency} onDone={() => renew.reset()} />
        </div>
      )}
    </Dialog>
  );
}
