// Countries by their two letters (ISO 3166), in the language of the person.
import { i18n } from "@lingui/core";

let names: { locale: string; by: Intl.DisplayNames } | null = null;

export function countryName(country: string): string {
  const locale = i18n.locale || "en";
  if (names?.locale !== locale) names = { locale, by: new Intl.DisplayNames(locale, { type: "region" }) };
  try {
    return names.by.of(country) ?? country;
  } catch {
    return country;
  }
}

/** Where this person most likely is: the region of the first language that names one. */
export function ownCountry(): string | null {
  for (const language of navigator.languages) {
    const region = new Intl.Locale(language).region;
    if (region) return region;
  }
  return null;
}
