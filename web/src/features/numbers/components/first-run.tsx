import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { TopUpForm } from "../../../billing/top-up";
import { useWallet } from "../../../billing/wallets";
import { ownCountry } from "../../../lib/countries";
import { cx } from "../../../lib/cx";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { useMe } from "../../../realtime/session";
import { useHandsets } from "../handset-queries";
import { useCountries, useNumbers, useSuggestion } from "../queries";
import { BuyForm } from "./buy-form";
import { HandsetForm } from "./handset-form";
import { Simulated } from "./mark";

/** For an administrator who has nothing yet; it stays until they leave the page, so that they see each step done. */
export function useIsFirstRun(): boolean {
  const me = useMe();
  const numbers = useNumbers();
  const handsets = useHandsets();
  const [began, setBegan] = useState(false);
  if (me.role !== "admin" || !numbers.data || !handsets.data) return false;
  const own = numbers.data.filter((number) => number.my_role === "owner");
  const isNew = own.length <= 1 && handsets.data.length === 0;
  if (isNew && !began) setBegan(true);
  return isNew || began;
}

export function FirstRun() {
  const { wallet, currency } = useWallet("test");
  const numbers = (useNumbers().data ?? []).filter((each) => each.my_role === "owner");
  const handsets = useHandsets().data ?? [];
  const countries = useCountries().data;
  const own = ownCountry();
  const country = countries && (countries.find((each) => each.country === own)?.country ?? "US");
  const suggested = useSuggestion(numbers.length === 0 ? (country ?? null) : null).data;
  const [number] = numbers;
  const [handset] = handsets;
  const hasMoney = number !== undefined || (wallet?.balance_micros ?? 0) > 0;
  return (
    <section
      aria-label={i18n.t("First steps")}
      className="mb-6 overflow-hidden rounded-card border border-line bg-surface"
    >
      <div className="border-b border-line px-5 py-4">
        <h3 className="text-lg font-semibold tracking-tight">{i18n.t("Text a phone in three steps")}</h3>
        <p className="mt-1 max-w-prose text-sm text-muted">
          {i18n.t(
            "Everything here is simulated and costs test money, so that you can try it before a real carrier is connected.",
          )}
        </p>
      </div>
      <ol className="grid divide-line max-xl:divide-y xl:grid-cols-3 xl:divide-x">
        <Step place={1} done={hasMoney} open title={i18n.t("Top up test money")}>
          {hasMoney && wallet ? (
            <p className="tabular text-sm text-muted">
              {i18n.t("{amount} are in your wallet.", { amount: formatMoney(wallet.balance_micros, currency) })}
            </p>
          ) : (
            <TopUpForm currency={currency} />
          )}
        </Step>
        <Step place={2} done={number !== undefined} open={hasMoney} title={i18n.t("Buy a number")}>
          {number && (
            <p className="tabular text-sm text-muted">
              {i18n.t("{number} is yours.", { number: formatPhone(number.number, number.area_code) })}
            </p>
          )}
          {!number && suggested && (
            <>
              <p className="tabular flex flex-wrap items-center gap-2 font-medium">
                {formatPhone(suggested.number, suggested.area_code)}
                <Simulated />
              </p>
              {hasMoney && <BuyForm key={suggested.number} offer={suggested} short />}
              <Link
                to="/numbers/market"
                search={country ? { country } : {}}
                className="inline-flex min-h-6 items-center self-start rounded-control text-sm font-medium text-accent underline underline-offset-2 touch:min-h-11"
              >
                {i18n.t("Choose another number")}
              </Link>
            </>
          )}
        </Step>
        <Step place={3} done={handset !== undefined} open={number !== undefined} title={i18n.t("Open a handset")}>
          {handset ? (
            <>
              <p className="tabular text-sm text-muted">
                {i18n.t("{number} is ready.", { number: formatPhone(handset.number) })}
              </p>
              <Link
                to="/numbers/handsets"
                className="inline-flex min-h-9 items-center justify-center rounded-control bg-accent px-3.5 text-sm font-medium text-on-accent touch:min-h-11"
              >
                {i18n.t("Text from the handset")}
              </Link>
            </>
          ) : number ? (
            <HandsetForm />
          ) : (
            <p className="text-sm text-muted">
              {i18n.t("A phone on this screen that texts your number and is answered from the inbox.")}
            </p>
          )}
        </Step>
      </ol>
    </section>
  );
}

type StepProps = { place: number; done: boolean; open: boolean; title: string; children: ReactNode };

function Step({ place, done, open, title, children }: StepProps) {
  return (
    <li className="flex flex-col gap-3 p-5" aria-current={open && !done ? "step" : undefined}>
      <h4 className="flex items-center gap-2.5 font-semibold">
        <span
          className={cx(
            "tabular grid size-6 shrink-0 place-items-center rounded-full text-xs",
            done
              ? "bg-accent text-on-accent"
              : open
                ? "border border-accent text-accent"
                : "border border-control text-muted",
          )}
        >
          {done ? <Check size={14} aria-hidden /> : <span aria-hidden>{place}</span>}
          <span className="sr-only">
            {done ? i18n.t("Step {place}, done", { place }) : i18n.t("Step {place}", { place })}
          </span>
        </span>
        {title}
      </h4>
      {children}
    </li>
  );
}
