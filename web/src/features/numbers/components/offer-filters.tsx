import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, Globe, SlidersHorizontal } from "lucide-react";
import { useEffect, useId, useState } from "react";
import type { NumberCountry } from "../../../api/types";
import { countryName } from "../../../lib/countries";
import { cx } from "../../../lib/cx";
import {
  CAPABILITIES,
  type Capability,
  hasOthers,
  type MarketSearch,
  type NumberKind,
  readArea,
  readContains,
} from "../../../lib/market-search";
import { useDebounced } from "../../../lib/use-debounced";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { capabilityName, familiesOf, familyName } from "../words";
import { CountryList } from "./country-list";
import { SortField } from "./sort-field";

const SETTLE_MS = 250;
const control = "h-9 rounded-control border border-control bg-surface px-2.5 text-sm hover:border-muted touch:h-11";

type Props = { search: MarketSearch; countries: NumberCountry[]; field: React.RefObject<HTMLInputElement | null> };

export function OfferFilters({ search, countries, field }: Props) {
  const navigate = useNavigate({ from: "/numbers/market" });
  const [choosing, setChoosing] = useState(false);
  const [open, setOpen] = useState(false);
  const change = (next: Partial<MarketSearch>) => navigate({ search: { ...search, ...next }, replace: true });
  const country = countries.find((each) => each.country === search.country);
  const can = (search.can ?? "").split("-").filter(Boolean);
  const toggle = (each: Capability) => {
    const next = can.includes(each) ? can.filter((other) => other !== each) : [...can, each];
    change({ can: CAPABILITIES.filter((other) => next.includes(other)).join("-") || undefined });
  };
  const active = [search.area, search.kind, search.operator, ...can].filter(Boolean).length;
  return (
    <search className="flex flex-wrap items-start gap-2" aria-label={i18n.t("Filters")}>
      <Button icon={<Globe size={16} aria-hidden />} className="max-md:w-full" onClick={() => setChoosing(true)}>
        <span className="truncate">{countryName(search.country ?? "")}</span>
        {country && <span className="tabular font-normal text-muted">+{country.calling_code}</span>}
        <ChevronDown size={15} aria-hidden className="text-muted max-md:ms-auto" />
      </Button>
      <Digits
        input={field}
        label={i18n.t("Contains digits")}
        placeholder={i18n.t("Digits, such as 77")}
        value={search.contains}
        read={(text) => readContains(text, country?.calling_code)}
        onChange={(contains) => change({ contains })}
        className="max-md:w-auto max-md:min-w-0 max-md:grow md:w-40"
      />
      <Button
        className="md:hidden"
        icon={<SlidersHorizontal size={16} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {active > 0 ? i18n.t("Filters ({count})", { count: active }) : i18n.t("Filters")}
      </Button>
      <div className={cx("contents", !open && "max-md:hidden", open && "max-md:grid max-md:w-full max-md:gap-2")}>
        <Digits
          label={i18n.t("Area code")}
          placeholder={i18n.t("Area code")}
          value={search.area}
          read={(text) => readArea(text, search.country, country?.calling_code)}
          onChange={(area) => change({ area })}
          className="max-md:w-full md:w-28"
        />
        <select
          aria-label={i18n.t("Type")}
          value={search.kind ?? ""}
          onChange={(event) => change({ kind: (event.target.value || undefined) as NumberKind | undefined })}
          className={cx(control, "max-md:w-full")}
        >
          <option value="">{i18n.t("Every type")}</option>
          {familiesOf(country?.kinds ?? []).map((kind) => (
            <option key={kind} value={kind}>
              {familyName(kind)}
            </option>
          ))}
        </select>
        <select
          aria-label={i18n.t("Operator")}
          value={search.operator ?? ""}
          onChange={(event) => change({ operator: event.target.value || undefined })}
          className={cx(control, "max-md:w-full md:max-w-44")}
        >
          <option value="">{i18n.t("Every operator")}</option>
          {country?.operators.map((operator) => (
            <option key={operator}>{operator}</option>
          ))}
        </select>
        <fieldset className="flex gap-1">
          <legend className="sr-only">{i18n.t("Capabilities")}</legend>
          {CAPABILITIES.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={can.includes(each)}
              onClick={() => toggle(each)}
              className="h-9 rounded-full border border-control px-3 text-sm text-muted transition hover:bg-hover hover:text-ink touch:h-11 aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:font-medium aria-pressed:text-accent"
            >
              {capabilityName(each)}
            </button>
          ))}
        </fieldset>
        <SortField
          value={search.sort}
          onChange={(sort) => change({ sort })}
          className={cx(control, "max-md:w-full xl:hidden")}
        />
      </div>
      {choosing && (
        <Dialog title={i18n.t("Choose a country")} onClose={() => setChoosing(false)} wide>
          <CountryList autoFocus countries={countries} current={search.country} onPick={() => setChoosing(false)} />
        </Dialog>
      )}
    </search>
  );
}

type DigitsProps = {
  label: string;
  placeholder: string;
  value: string | undefined;
  read: (text: string) => string;
  onChange: (value: string | undefined) => void;
  className: string;
  input?: React.RefObject<HTMLInputElement | null>;
};

/** Applies itself once the typing pauses; spaces and signs between digits are passed over. */
function Digits({ label, placeholder, value = "", read, onChange, className, input }: DigitsProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const settled = useDebounced(read(text), SETTLE_MS);
  const isOdd = hasOthers(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed is a reason
  useEffect(() => {
    if (settled !== value) onChange(settled || undefined);
  }, [settled]);
  // Filters that were cleared elsewhere.
  useEffect(() => {
    if (value === "") setText("");
  }, [value]);
  return (
    <div className={cx("flex flex-col", className)}>
      <input
        ref={input}
        type="search"
        inputMode="numeric"
        autoComplete="off"
        maxLength={20}
        aria-label={label}
        aria-invalid={isOdd || undefined}
        aria-describedby={isOdd ? id : undefined}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cx(control, "tabular w-full aria-invalid:border-danger")}
      />
      {isOdd && (
        <p id={id} role="alert" className="pt-1 text-xs text-danger">
          {i18n.t("Digits only")}
        </p>
      )}
    </div>
  );
}
