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
/** Where a number keeps its zero when it is called from abroad. */
const KEEPS_ZERO = ["IT", "SM", "VA", "CG", "CI", "GA"];

const isDigit = (code: number) => /\p{Nd}/u.test(String.fromCodePoint(code));

/** ٧٧ and ７７ are 77. In Unicode the digits of a script follow each other from its zero on. */
export const asciiDigits = (text: string) =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let place = 0;
    while (isDigit(code - place - 1)) place++;
    return String(place % 10);
  });

/** Whether something else was typed than digits, and the signs that people put between them. */
export const hasOthers = (text: string) => /[^\p{Nd}\s+().\-/]/u.test(text);

const onlyDigits = (text: string) => asciiDigits(text).replace(/\D/g, "");

/** 0049 171 and +49 171 begin with the country; numbers are compared with it, and without signs. */
export function readContains(text: string, callingCode = 0): string {
  const digits = onlyDigits(text);
  return callingCode && digits.startsWith(`00${callingCode}`) ? digits.slice(2) : digits;
}

/** 030, +49 30 and 30 are one area. */
export function readArea(text: string, country = "", callingCode = 0): string {
  const whole = readContains(text, callingCode);
  const isWhole = callingCode && /^\s*(\+|00)/.test(asciiDigits(text)) && whole.startsWith(String(callingCode));
  const digits = isWhole ? whole.slice(String(callingCode).length) : whole;
  return KEEPS_ZERO.includes(country) ? digits : digits.replace(/^0/, "");
}

/** Addresses are read leniently: what makes no sense is left out. The router gives digits as numbers. */
export function readMarketSearch(search: Record<string, unknown>): MarketSearch {
  const digits = (value: unknown) => onlyDigits(String(value ?? "")).slice(0, MAX_DIGITS);
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
