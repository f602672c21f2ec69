// Times, numbers and lists in the person's language and zone.
import { i18n } from "@lingui/core";

const cache = new Map<string, Intl.DateTimeFormat>();

/** The language in use, with the region of the browser where that speaks the same. */
function region(): string {
  const language = i18n.locale || "en";
  return navigator.languages.find((each) => each === language || each.startsWith(`${language}-`)) ?? language;
}

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = region() + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(region(), options);
    cache.set(key, found);
  }
  return found;
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** 14:05 */
export const formatClock = (at: string | Date) => formatter(CLOCK).format(new Date(at));

/** Exact, for hovering: Saturday, 21 November 2026 at 14:05:09 */
export const formatExact = (at: string | Date) =>
  formatter({ dateStyle: "full", timeStyle: "medium" }).format(new Date(at));

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Whole days between two moments in local time; daylight saving does not count. */
export function daysAgo(at: Date, now: Date): number {
  return Math.round((startOfDay(now).getTime() - startOfDay(at).getTime()) / 86_400_000);
}

/** A key for the local day of a moment. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Today, Yesterday, Wednesday, 3 May, 3 May 2024 */
export function formatDay(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const days = daysAgo(date, now);
  if (days === 0) return i18n.t("Today");
  if (days === 1) return i18n.t("Yesterday");
  if (days > 1 && days < 7) return formatter({ weekday: "long" }).format(date);
  if (date.getFullYear() === now.getFullYear()) return formatter({ day: "numeric", month: "long" }).format(date);
  return formatter({ day: "numeric", month: "long", year: "numeric" }).format(date);
}

/** 3 May, 3 May 2024: within a sentence, where "Today" would not fit. */
export function formatDate(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const thisYear = date.getFullYear() === now.getFullYear();
  return formatter({ day: "numeric", month: "long", ...(!thisYear && { year: "numeric" }) }).format(date);
}

/** 3 May: a day of the server, which begins at midnight UTC. */
export const formatUtcDay = (day: Date) => formatter({ day: "numeric", month: "short", timeZone: "UTC" }).format(day);

/** For lists: 14:05, Yesterday, Wed, 3 May, 03/05/2024 */
export function formatShort(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const days = daysAgo(date, now);
  if (days <= 0) return formatClock(date);
  if (days === 1) return i18n.t("Yesterday");
  if (days < 7) return formatter({ weekday: "short" }).format(date);
  if (date.getFullYear() === now.getFullYear()) return formatter({ day: "numeric", month: "short" }).format(date);
  return formatter({ dateStyle: "short" }).format(date);
}

/** Day and time, for tables and dialogs. */
export function formatMoment(at: string | Date, now = new Date()): string {
  return i18n.t("{day}, {time}", { day: formatDay(at, now), time: formatClock(at) });
}

/** 7 · 999 · 1K+ is what the server stops counting at. */
export function formatCount(count: number, cap = Number.POSITIVE_INFINITY): string {
  const text = new Intl.NumberFormat(region(), { notation: "compact", maximumFractionDigits: 1 });
  return count >= cap ? `${text.format(cap)}+` : text.format(count);
}

/** 75% · 75 %, as the language writes it */
export const formatPercent = (share: number) =>
  new Intl.NumberFormat(region(), { style: "percent", maximumFractionDigits: 0 }).format(share);

/** Ana, Ben and Eve */
export const formatList = (names: string[]) => new Intl.ListFormat(region(), { type: "conjunction" }).format(names);

/** The first letters of the first and last word; an emoji or letter with marks stays whole. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = (word: string | undefined) =>
    word ? ([...new Intl.Segmenter().segment(word)][0]?.segment.toLocaleUpperCase() ?? "") : "";
  if (words.length < 2) return first(words[0]);
  return first(words[0]) + first(words.at(-1));
}

/** Compares names as people sort them. */
export const compareNames = (a: string, b: string) => a.localeCompare(b, i18n.locale || "en", { sensitivity: "base" });
