// Until when a number is paid for, and what happens then, in words.
import { i18n } from "@lingui/core";
import type { PhoneNumber } from "../../api/types";
import { daysAgo } from "../../lib/format";

const SOON_DAYS = 5;

export type Renewal = { text: string; at: string | null; tone: "plain" | "warn" | "danger" };

/** 21 December; with the year if it is another one. */
export function formatDate(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const year = date.getFullYear() === now.getFullYear() ? undefined : ("numeric" as const);
  return new Intl.DateTimeFormat(i18n.locale || "en", { day: "numeric", month: "long", year }).format(date);
}

/** Tomorrow, in 30 days */
export function formatDistance(at: string | Date, now = new Date()): string {
  const words = new Intl.RelativeTimeFormat(i18n.locale || "en", { numeric: "auto" });
  return words.format(-daysAgo(new Date(at), now), "day");
}

export function renewalOf(number: PhoneNumber, now = new Date()): Renewal {
  const { state, grace_until, cancelled_at, paid_until, auto_renew } = number;
  if (state === "held" || state === "ordering") return { text: i18n.t("Is being bought"), at: null, tone: "plain" };
  if (grace_until)
    return {
      text: i18n.t("Not paid. It is given back on {date}.", { date: formatDate(grace_until, now) }),
      at: grace_until,
      tone: "danger",
    };
  if (!paid_until) return { text: "", at: null, tone: "plain" };
  const date = formatDate(paid_until, now);
  const isSoon = -daysAgo(new Date(paid_until), now) <= SOON_DAYS;
  if (cancelled_at) return { text: i18n.t("Ends on {date}", { date }), at: paid_until, tone: "warn" };
  if (auto_renew) return { text: i18n.t("Renews on {date}", { date }), at: paid_until, tone: "plain" };
  return { text: i18n.t("Paid until {date}", { date }), at: paid_until, tone: isSoon ? "warn" : "plain" };
}

/** What needs a look first: what is about to go, then what is paid for the shortest. */
export function byExpiry(numbers: PhoneNumber[]): PhoneNumber[] {
  const rank = ({ grace_until, cancelled_at, auto_renew }: PhoneNumber) =>
    grace_until ? 0 : cancelled_at || !auto_renew ? 1 : 2;
  const end = ({ grace_until, paid_until }: PhoneNumber) => grace_until ?? paid_until ?? "";
  return numbers.toSorted((a, b) => {
    if ((a.my_role === "owner") !== (b.my_role === "owner")) return a.my_role === "owner" ? -1 : 1;
    return rank(a) - rank(b) || end(a).localeCompare(end(b)) || a.number.localeCompare(b.number);
  });
}
