import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { PhoneOff, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { NumberOffer } from "../../../api/types";
import { countryName } from "../../../lib/countries";
import { shortcutKey } from "../../../lib/keyboard";
import type { MarketSearch } from "../../../lib/market-search";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { useWide } from "../../../lib/use-media";
import { IconButton } from "../../../ui/button";
import { Empty } from "../../../ui/empty";
import { Failure } from "../../../ui/failure";
import { SkeletonRows } from "../../../ui/skeleton";
import { useOffer } from "../queries";
import { kindName } from "../words";
import { BuyForm } from "./buy-form";
import { CapabilityList } from "./capabilities";
import { Simulated } from "./mark";

type Props = { search: MarketSearch; digits: string; known: NumberOffer | undefined; currency: string };

/** One number of the marketplace: beside the table, above it, or instead of it, by the room there is. */
export function OfferPanel({ search, digits, known, currency }: Props) {
  const offer = useOffer(search.country ?? "", digits, known);
  const navigate = useNavigate({ from: "/numbers/market" });
  const heading = useRef<HTMLHeadingElement>(null);
  const wide = useWide();
  const close = () => {
    const { number: _number, ...rest } = search;
    navigate({ search: rest, replace: true });
    document.querySelector<HTMLElement>(`[data-offer="${digits}"]`)?.focus();
  };
  // Where the panel covers the table, the keyboard goes with it.
  useEffect(() => {
    if (!wide) heading.current?.focus();
  }, [wide]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: listens anew for every number
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => shortcutKey(event) === "Escape" && close();
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [digits, search]);
  return (
    <aside
      aria-label={i18n.t("Number for sale")}
      className="slide-up scroll-y flex w-full shrink-0 flex-col border-line bg-surface max-md:absolute max-md:inset-0 max-md:z-20 md:w-85 md:border-s md:max-xl:absolute md:max-xl:inset-y-0 md:max-xl:end-0 md:max-xl:z-20 md:max-xl:shadow-float"
    >
      <header className="sticky top-0 z-10 flex h-14 shrink-0 items-center gap-2 bg-surface ps-5 pe-2">
        <h3
          ref={heading}
          tabIndex={-1}
          className="tabular min-w-0 truncate text-lg font-semibold tracking-tight outline-none"
        >
          {formatPhone(`+${digits}`, offer.data?.area_code)}
        </h3>
        {offer.data?.simulated && <Simulated />}
        <span className="grow" />
        <IconButton label={i18n.t("Close")} onClick={close}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      {offer.isPending && <SkeletonRows count={3} avatar={false} />}
      {offer.isError && <Failure text={problemText(offer.error)} onRetry={() => offer.refetch()} />}
      {offer.data === null && (
        <Empty icon={PhoneOff} text={i18n.t("This number is not for sale. Choose another one.")} />
      )}
      {offer.data && <Offer offer={offer.data} currency={currency} onGone={close} />}
    </aside>
  );
}

function Offer({ offer, currency, onGone }: { offer: NumberOffer; currency: string; onGone: () => void }) {
  const facts = [
    [i18n.t("Country"), countryName(offer.country)],
    [i18n.t("Place"), offer.place],
    [i18n.t("Type"), kindName(offer.kind)],
    [i18n.t("Operator"), offer.operator],
  ];
  return (
    <div className="flex flex-col gap-5 px-5 pb-6">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        <dt className="text-muted">{i18n.t("Monthly")}</dt>
        <dd className="tabular font-medium">{formatMoney(offer.monthly_micros, currency)}</dd>
      </dl>
      <section className="border-t border-line pt-4">
        <h4 className="sr-only">{i18n.t("Capabilities")}</h4>
        <CapabilityList able={offer} />
      </section>
      <section className="border-t border-line pt-4">
        <BuyForm key={offer.number} offer={offer} onGone={onGone} />
      </section>
    </div>
  );
}
