import { i18n } from "@lingui/core";
import { useState } from "react";
import type { Handset } from "../../../api/types";
import { countryName, ownCountry } from "../../../lib/countries";
import { compareNames } from "../../../lib/format";
import { problemText } from "../../../lib/problem-text";
import { useOnce } from "../../../lib/use-once";
import { Button } from "../../../ui/button";
import { Field, Select } from "../../../ui/field";
import { useCreateHandset, useHandsets } from "../handset-queries";
import { newestOwn } from "../peers";
import { useCountries, useNumbers } from "../queries";

const MAX_LABEL = 60;

/** Where the phone is from and what it is called; nobody chooses its number. */
export function HandsetForm({ onMade }: { onMade?: (handset: Handset) => void }) {
  const countries = useCountries().data ?? [];
  const count = (useHandsets().data?.length ?? 0) + 1;
  const create = useCreateHandset();
  // It is there to text a number; one of the same country looks like a neighbor, and is understood as one.
  const own = newestOwn(useNumbers().data ?? [])?.country ?? ownCountry();
  const once = useOnce();
  const [chosen, setChosen] = useState<string | null>(null);
  const [label, setLabel] = useState<string | null>(null);
  const country = chosen ?? countries.find((each) => each.country === own)?.country ?? "US";
  const name = label ?? i18n.t("Phone {count}", { count });
  const valid = name.trim() !== "" && countries.length > 0;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) once(() => create.mutateAsync({ country, label: name.trim() }, { onSuccess: onMade }));
      }}
    >
      <Select label={i18n.t("Country")} value={country} onChange={(event) => setChosen(event.target.value)}>
        {countries
          .map((each) => ({ ...each, name: countryName(each.country) }))
          .sort((a, b) => compareNames(a.name, b.name))
          .map((each) => (
            <option key={each.country} value={each.country}>
              {each.name} (+{each.calling_code})
            </option>
          ))}
      </Select>
      <Field
        label={i18n.t("Name")}
        value={name}
        maxLength={MAX_LABEL}
        error={create.isError ? problemText(create.error) : null}
        onChange={(event) => setLabel(event.target.value)}
      />
      <Button type="submit" look="primary" busy={create.isPending} disabled={!valid} className="self-end">
        {i18n.t("Open handset")}
      </Button>
    </form>
  );
}
