// Until when a number is paid for, and what happens then, in words.
import { i18n } from "@lingui/core";
import type { PhoneNumber } from "../../api/types";
import { daysAgo, formatDate } from "../../lib/format";

/** So long before its end a number wants to be looked at. */
const SOON_DAYS = 5;

export type Renewal = { text: string; at: string | null; tone: "plain" | "warn" | "danger" };

/** Tomorrow, in 30 days */
export function formatDistance(at: string | Date, now = new Date()): string {
  const words = new Intl.RelativeTimeFormat(i18n.locale || "en", { numeric: "auto" });
  return words.format(-daysAgo(new Date(at), now), "day");
}

/** Whether it is unpaid, or paid for a few more days only. */
export function endsSoon({ grace_until, paid_until }: PhoneNumber, now = new Date()): boolean {
  return grace_until !== null || (paid_until !== null && -daysAgo(new Date(paid_until), now) <= SOON_DAYS);
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
  const isSoon = endsSoon(number, now);
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
