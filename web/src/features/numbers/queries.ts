// Numbers and the marketplace. The live protocol brings changes (see app/use-engine.ts).
import {
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import * as api from "../../api/calls";
import type { NumberList, NumberOffer, OfferPage, PhoneNumber } from "../../api/types";
import type { MarketSearch } from "../../lib/market-search";
import { problemText } from "../../lib/problem-text";
import { showError } from "../../ui/toast";

const LOOK_EVERY_MS = 60_000;
const OFFERS = 100;
/** Without a network it fails at once, instead of spending money whenever the network is back. */
const NEVER_LATER = { networkMode: "always" } as const;

const NUMBERS = queryOptions({ queryKey: ["numbers"], queryFn: api.listNumbers });

export const useCountries = () =>
  useQuery({
    queryKey: ["number-countries"],
    queryFn: api.listNumberCountries,
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ countries }) => countries,
  });

function wanted({ contains, area, kind, operator, can, sort }: MarketSearch) {
  const able = Object.fromEntries(
    (can ?? "")
      .split("-")
      .filter(Boolean)
      .map((each) => [each, true]),
  );
  return { contains, area_code: area, kind, operator, sort, ...able };
}

export function useOffers({ number: _open, ...search }: MarketSearch) {
  return useInfiniteQuery({
    queryKey: ["offers", search],
    queryFn: ({ pageParam, signal }) =>
      api.listOffers(search.country ?? "", { ...wanted(search), cursor: pageParam, limit: OFFERS }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: search.country !== undefined,
  });
}

/** One number of the marketplace; null if it is not for sale any more. */
export const useOffer = (country: string, digits: string, known?: NumberOffer) =>
  useQuery({
    queryKey: ["offer", digits],
    queryFn: async () => {
      const { numbers } = await api.listOffers(country, { contains: digits, limit: 1 });
      return numbers[0] ?? null;
    },
    initialData: known,
    staleTime: LOOK_EVERY_MS,
  });

/** The cheapest one with texts, for whoever has no wish. */
export const useSuggestion = (country: string | null) =>
  useQuery({
    queryKey: ["suggested-offer", country],
    queryFn: async () =>
      (await api.listOffers(country ?? "", { sms: true, sort: "price", limit: 1 })).numbers[0] ?? null,
    enabled: country !== null,
  });

type Pages = { pages: OfferPage[]; pageParams: unknown[] };

/** Takes a number that is sold out of every list. */
export function forgetOffer(client: QueryClient, number: string) {
  client.setQueriesData<Pages>(
    { queryKey: ["offers"] },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, numbers: page.numbers.filter((each) => each.number !== number) })),
      },
  );
  client.invalidateQueries({ queryKey: ["suggested-offer"] });
}

export const useBuy = () => {
  const client = useQueryClient();
  return useMutation({
    ...NEVER_LATER,
    mutationFn: ({ offer, wish }: { offer: NumberOffer; wish: string }) =>
      api.buyNumber(wish, { number: offer.number, carrier: offer.carrier, max_price_micros: offer.monthly_micros }),
    onSuccess: (bought) => {
      client.setQueryData(NUMBERS.queryKey, (list) => {
        const others = list?.numbers.filter(({ id }) => id !== bought.id);
        return others && { numbers: [bought, ...others] };
      });
      client.invalidateQueries({ queryKey: NUMBERS.queryKey });
      client.invalidateQueries({ queryKey: ["wallets"] });
    },
  });
};

export const useNumbers = () => useQuery({ ...NUMBERS, select: ({ numbers }) => numbers });
export const useNumber = (id: string) =>
  useQuery({ ...NUMBERS, select: ({ numbers }) => numbers.find((number) => number.id === id) ?? null });

export function takeNumber(client: QueryClient, changed: PhoneNumber) {
  const newer = (known: PhoneNumber) => (known.id === changed.id && known.version <= changed.version ? changed : known);
  client.setQueryData(NUMBERS.queryKey, (list) => list && { numbers: list.numbers.map(newer) });
}

/** Shows at once, and goes back with a word if the server refuses. */
export function useChangeNumber({ id }: PhoneNumber) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: api.NumberChange) => api.updateNumber(id, change),
    onMutate: async ({ cancelled, ...rest }) => {
      await client.cancelQueries({ queryKey: NUMBERS.queryKey });
      const before = client.getQueryData(NUMBERS.queryKey);
      const ends = cancelled === undefined ? {} : { cancelled_at: cancelled ? new Date().toISOString() : null };
      const shown = (number: PhoneNumber) => (number.id === id ? { ...number, ...rest, ...ends } : number);
      client.setQueryData(NUMBERS.queryKey, (list) => list && { numbers: list.numbers.map(shown) });
      return { before: before?.numbers.find((number) => number.id === id) };
    },
    onSuccess: (changed) => takeNumber(client, changed),
    onError: (error, _change, context) => {
      const { before } = context ?? {};
      const back = (list: NumberList | undefined) =>
        list && before && { numbers: list.numbers.map((number) => (number.id === id ? before : number)) };
      client.setQueryData(NUMBERS.queryKey, back);
      showError(problemText(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey: NUMBERS.queryKey }),
  });
}

export function useRenew({ id }: PhoneNumber) {
  const client = useQueryClient();
  return useMutation({
    ...NEVER_LATER,
    mutationFn: (wish: string) => api.renewNumber(id, wish),
    onSuccess: (changed) => {
      takeNumber(client, changed);
      client.invalidateQueries({ queryKey: ["wallets"] });
      client.invalidateQueries({ queryKey: ["number-usage", id] });
    },
  });
}

export const useUsage = (id: string, from?: string) =>
  useQuery({ queryKey: ["number-usage", id, from ?? null], queryFn: () => api.numberUsage(id, { from }) });

export const useShares = (id: string) =>
  useQuery({ queryKey: ["number-shares", id], queryFn: () => api.listShares(id) });
