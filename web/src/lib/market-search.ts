// What the marketplace shows, as its address says it.
export const KINDS = ["local", "mobile", "toll_free"] as const;
export const CAPABILITIES = ["sms", "mms", "voice"] as const;
export const SORTS = ["number", "area_code", "operator", "price"] as const;

export type NumberKind = (typeof KINDS)[number];
export type Capability = (typeof CAPABILITIES)[number];
export type NumberSort = (typeof SORTS)[number];

export type MarketSearch = {
  country?: string;
  contains?: string;
  area?: string;
  kind?: NumberKind;
  operator?: string;
  can?: string;
  sort?: NumberSort;
  /** The number whose panel is open. */
  number?: string;
};

const MAX_DIGITS = 15;

/** Addresses are read leniently: what makes no sense is left out. The router gives digits as numbers. */
export function readMarketSearch(search: Record<string, unknown>): MarketSearch {
  const digits = (value: unknown) =>
    String(value ?? "")
      .replace(/\D/g, "")
      .slice(0, MAX_DIGITS);
  const oneOf = <Known extends string>(known: readonly Known[], value: unknown) => known.find((each) => each === value);
  const country = /^[A-Z]{2}$/.test(String(search.country)) ? String(search.country) : undefined;
  const can = CAPABILITIES.filter((each) =>
    String(search.can ?? "")
      .split("-")
      .includes(each),
  ).join("-");
  const number = digits(search.number);
  const all: MarketSearch = {
    country,
    contains: digits(search.contains) || undefined,
    area: digits(search.area) || undefined,
    kind: oneOf(KINDS, search.kind),
    operator: typeof search.operator === "string" ? search.operator : undefined,
    can: can || undefined,
    sort: oneOf(SORTS, search.sort),
    number: number || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
