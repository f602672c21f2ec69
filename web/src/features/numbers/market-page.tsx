import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { useEffect, useRef } from "react";
import type { NumberCountry } from "../../api/types";
import { useWallet } from "../../billing/wallets";
import { countryName } from "../../lib/countries";
import { shortcutKey } from "../../lib/keyboard";
import type { MarketSearch } from "../../lib/market-search";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { CountryList } from "./components/country-list";
import { OfferFilters } from "./components/offer-filters";
import { OfferPanel } from "./components/offer-panel";
import { OfferTable } from "./components/offer-table";
import { useCountries, useOffers } from "./queries";

export function MarketPage() {
  const search = useSearch({ from: "/shell/numbers/market" });
  const countries = useCountries();
  if (search.country) return <Shop search={search} countries={countries.data ?? []} />;
  return (
    <SectionPage
      title={i18n.t("Choose a country")}
      hint={i18n.t(
        "Where should your number be from? Simulated numbers text simulated phones only, and cost test money.",
      )}
      wide
    >
      <Card>
        {countries.isPending && <SkeletonRows count={6} avatar={false} />}
        {countries.isError && <Failure text={problemText(countries.error)} onRetry={() => countries.refetch()} />}
        {countries.data && <CountryList countries={countries.data} />}
      </Card>
    </SectionPage>
  );
}

function Shop({ search, countries }: { search: MarketSearch; countries: NumberCountry[] }) {
  const offers = useOffers(search);
  const { currency } = useWallet("test");
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate({ from: "/numbers/market" });
  const list = offers.data?.pages.flatMap((page) => page.numbers) ?? [];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (shortcutKey(event) !== "/") return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const { number } = search;
  return (
    <div className="relative flex h-full overflow-hidden">
      <main className="scroll-y flex min-w-0 grow flex-col bg-surface">
        <div className="flex shrink-0 flex-col gap-3 border-b border-line px-4 py-3">
          <h2 className="sr-only">{i18n.t("Numbers in {country}", { country: countryName(search.country ?? "") })}</h2>
          <OfferFilters key={search.country} search={search} countries={countries} field={field} />
        </div>
        {offers.isPending && <SkeletonRows count={10} avatar={false} />}
        {offers.isError && <Failure text={problemText(offers.error)} onRetry={() => offers.refetch()} />}
        {offers.data && list.length === 0 && (
          <Empty
            icon={SearchX}
            text={i18n.t("No number fits these filters.")}
            hint={i18n.t("Use fewer digits, or take a filter away.")}
          >
            <Button onClick={() => navigate({ search: { country: search.country, sort: search.sort }, replace: true })}>
              {i18n.t("Clear filters")}
            </Button>
          </Empty>
        )}
        {list.length > 0 && (
          <OfferTable
            key={JSON.stringify({ ...search, number: null })}
            offers={list}
            search={search}
            currency={currency}
            more={offers.hasNextPage}
            onEnd={() => offers.hasNextPage && !offers.isFetching && offers.fetchNextPage()}
          />
        )}
      </main>
      {number && (
        <OfferPanel
          key={number}
          digits={number}
          search={search}
          known={list.find((offer) => offer.number === `+${number}`)}
          currency={currency}
        />
      )}
    </div>
  );
}
