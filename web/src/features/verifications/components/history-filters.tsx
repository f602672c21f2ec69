import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type CodesSearch, type ListedStatus, STATUSES } from "../../../lib/codes-search";
import { cx } from "../../../lib/cx";
import { useDebounced } from "../../../lib/use-debounced";
import { Button } from "../../../ui/button";
import { inputLook } from "../../../ui/field";
import { SearchField } from "../../../ui/search-field";
import { useServices } from "../queries";
import { statusText } from "../words";

const SETTLE_MS = 250;
const control = cx(inputLook, "h-9 text-sm touch:h-11");

export function HistoryFilters({ search }: { search: CodesSearch }) {
  const navigate = useNavigate({ from: "/verifications" });
  const services = useServices().data?.services ?? [];
  const change = (next: Partial<CodesSearch>) => navigate({ search: { ...search, ...next }, replace: true });
  const isFiltered = Boolean(search.q || search.status || search.service || search.from || search.to);
  return (
    <search
      aria-label={i18n.t("Filters")}
      className="mb-3 grid grid-cols-2 gap-2 items-end md:grid-cols-[2fr_1fr_1fr_1fr_1fr]"
    >
      <Words value={search.q} onChange={(q) => change({ q })} />
      <select
        aria-label={i18n.t("Status")}
        className={control}
        value={search.status ?? ""}
        onChange={(event) => change({ status: (event.target.value || undefined) as ListedStatus | undefined })}
      >
        <option value="">{i18n.t("Any status")}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {statusText(status)}
          </option>
        ))}
      </select>
      <select
        aria-label={i18n.t("Service")}
        className={control}
        value={search.service ?? ""}
        onChange={(event) => change({ service: event.target.value || undefined })}
      >
        <option value="">{i18n.t("Any service")}</option>
        {search.service && !services.some(({ id }) => id === search.service) && (
          <option value={search.service}>{search.service}</option>
        )}
        {services.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <label className="flex min-w-0 flex-col gap-1 text-xs text-muted">
        {i18n.t("From")}
        <input
          type="date"
          className={control}
          value={search.from ?? ""}
          max={search.to}
          onChange={(event) => change({ from: event.target.value || undefined })}
        />
      </label>
      <label className="flex min-w-0 flex-col gap-1 text-xs text-muted">
        {i18n.t("To")}
        <input
          type="date"
          className={control}
          value={search.to ?? ""}
          min={search.from}
          onChange={(event) => change({ to: event.target.value || undefined })}
        />
      </label>
      {isFiltered && (
        <Button
          look="quiet"
          className="col-span-full justify-self-start"
          onClick={() => navigate({ search: {}, replace: true })}
        >
          {i18n.t("Clear filters")}
        </Button>
      )}
    </search>
  );
}

function Words({ value, onChange }: { value?: string; onChange: (q?: string) => void }) {
  const [text, setText] = useState(value ?? "");
  const settled = useDebounced(text.trim(), SETTLE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed goes to the address once it has settled
  useEffect(() => {
    if (settled !== (value ?? "")) onChange(settled || undefined);
  }, [settled]);
  useEffect(() => {
    if (!value) setText("");
  }, [value]);
  return (
    <SearchField
      frame="col-span-2 md:col-span-1"
      label={i18n.t("Find in history")}
      placeholder={i18n.t("Service, number, code")}
      value={text}
      onChange={setText}
    />
  );
}
