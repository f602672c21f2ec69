// The languages of the client, and the one in use.
import { i18n } from "@lingui/core";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "convo.language";
const RTL = new Set(["ar", "fa", "he", "ur"]);

export const isLanguage = (value: unknown): value is Language => typeof value === "string" && value in LANGUAGES;

export function preferredLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Without storage the browser's own language decides.
  }
  const wanted = [asked, stored, ...navigator.languages.map((each) => each.slice(0, 2))];
  return wanted.find(isLanguage) ?? "en";
}

let hasMore = false;

/** The words of pages that nobody begins with. */
async function loadMore(language: Language) {
  const { messages } = await (language === "de" ? import("../locales/more/de.po") : import("../locales/more/en.po"));
  i18n.load(language, messages);
}

/** Such a page, together with its words. */
export async function withWords<Page>(page: Promise<Page>): Promise<Page> {
  if (!hasMore && isLanguage(i18n.locale)) await loadMore(i18n.locale);
  hasMore = true;
  return page;
}

export async function activateLanguage(language: Language, remember = false) {
  const { messages } = language === "de" ? await import("../locales/de.po") : await import("../locales/en.po");
  if (hasMore) await loadMore(language);
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  document.documentElement.dir = RTL.has(language) ? "rtl" : "ltr";
  if (!remember) return;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // It then holds until the page is closed.
  }
}
