import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { NumberCountry } from "../../../api/types";
import { countryName, ownCountry } from "../../../lib/countries";
import { compareNames, formatCount } from "../../../lib/format";
import { moveFocus } from "../../../lib/keyboard";
import { SearchField } from "../../../ui/search-field";

type Props = { countries: NumberCountry[]; current?: string; autoFocus?: boolean; onPick?: () => void };

/** The own country first, then by name; found by name, letters or calling code. */
function sorted(countries: NumberCountry[], text: string) {
  const wanted = text.trim().toLocaleLowerCase().replace(/^\+/, "");
  const own = ownCountry();
  return countries
    .map((each) => ({ ...each, name: countryName(each.country) }))
    .filter(
      ({ name, country, calling_code }) =>
        name.toLocaleLowerCase().includes(wanted) ||
        country.toLowerCase() === wanted ||
        String(calling_code).startsWith(wanted),
    )
    .sort((a, b) => Number(b.country === own) - Number(a.country === own) || compareNames(a.name, b.name));
}

export function CountryList({ countries, current, autoFocus, onPick }: Props) {
  const [text, setText] = useState("");
  const shown = sorted(countries, text);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move within the list
    <div onKeyDown={(event) => moveFocus(event, "[data-country]")} className="@container flex flex-col gap-3">
      <SearchField
        autoFocus={autoFocus}
        label={i18n.t("Find a country")}
        placeholder={i18n.t("Country or calling code")}
        value={text}
        onChange={setText}
      />
      {shown.length === 0 && <p className="p-2 text-sm text-muted">{i18n.t("No country of that name.")}</p>}
      <ul aria-label={i18n.t("Countries")} className="grid gap-x-4 @min-[32rem]:grid-cols-2 @min-[48rem]:grid-cols-3">
        {shown.map(({ country, name, calling_code, count }) => (
          <li key={country}>
            <Link
              to="/numbers/market"
              search={{ country }}
              data-country={country}
              aria-current={country === current ? "true" : undefined}
              onClick={onPick}
              className="flex min-h-9 items-center gap-2 rounded-control px-2.5 text-sm -outline-offset-2 hover:bg-hover touch:min-h-11 aria-[current=true]:bg-selected"
            >
              <span className="min-w-0 grow truncate font-medium">{name}</span>
              <span className="tabular shrink-0 text-muted">+{calling_code}</span>
              <span className="tabular w-12 shrink-0 text-end text-xs text-muted">
                {formatCount(count)}
                <span className="sr-only"> {i18n.t("numbers")}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
