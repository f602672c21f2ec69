// Which verifications are listed, as the address says it.
export const STATUSES = ["waiting", "completed", "expired", "cancelled", "failed"] as const;
export type ListedStatus = (typeof STATUSES)[number];

export type CodesSearch = {
  status?: ListedStatus;
  service?: string;
  /** Days as 2026-11-21, both included. */
  from?: string;
  to?: string;
  q?: string;
  /** The one whose texts are open. */
  open?: string;
};

const MAX_CHARS = 100;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Addresses are read leniently: what makes no sense is left out. */
export function readCodesSearch(search: Record<string, unknown>): CodesSearch {
  const words = (value: unknown) => String(value ?? "").slice(0, MAX_CHARS) || undefined;
  const day = (value: unknown) => (DAY.test(String(value)) ? String(value) : undefined);
  const all: CodesSearch = {
    status: STATUSES.find((each) => each === search.status),
    service: words(search.service),
    from: day(search.from),
    to: day(search.to),
    q: words(search.q),
    open: words(search.open),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** As the server is asked: days begin and end at this place's midnight. */
export function codesQuery({ status, service, from, to, q }: CodesSearch) {
  const midnight = (day: string, plus: number) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + plus).toISOString();
  };
  return { status, service, q, from: from && midnight(from, 0), to: to && midnight(to, 1) };
}
