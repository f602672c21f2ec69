import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Smartphone } from "lucide-react";
import { useState } from "react";
import type { PhoneNumber } from "../../../api/types";
import { countryName } from "../../../lib/countries";
import { paths } from "../../../lib/paths";
import { formatParty } from "../../../lib/phone";
import { codeText } from "../../../lib/problem-text";
import { type Meant, readTyped } from "../../../lib/typed-number";
import { Button } from "../../../ui/button";
import { Select } from "../../../ui/field";
import { openText } from "../texts/actions";
import { sendable, useNumbers } from "../texts/queries";

type Props = { typed: string; onCreated: (id: string) => void };

/** A phone number was typed: it can be texted from one of one's own. */
export function TextOffer({ typed, onCreated }: Props) {
  const numbers = useNumbers();
  if (!numbers.data) return null;
  const own = sendable(numbers.data);
  if (own.length === 0) {
    return (
      <p className="rounded-card border border-line px-3 py-2.5 text-sm">
        {i18n.t("To text a phone you need a number of your own.")}{" "}
        <Link to={paths.numbers} className="font-semibold text-accent underline underline-offset-2">
          {i18n.t("Get a number")}
        </Link>
      </p>
    );
  }
  return <Offer typed={typed} own={own} onCreated={onCreated} />;
}

const named = ({ label, number }: PhoneNumber) => (label ? `${label} · ${formatParty(number)}` : formatParty(number));

function Offer({ typed, own, onCreated }: Props & { own: PhoneNumber[] }) {
  const [chosen, setChosen] = useState(own[0]!.id);
  const [busy, setBusy] = useState(false);
  const from = own.find(({ id }) => id === chosen) ?? own[0]!;
  const meant = readTyped(typed, from.country);
  if (meant.kind === "too_short") return null;
  const start = async (to: string) => {
    setBusy(true);
    const id = await openText(from.id, to);
    setBusy(false);
    if (id) onCreated(id);
  };
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line px-3 py-2.5">
      {own.length > 1 ? (
        <Select label={i18n.t("From")} value={from.id} onChange={(event) => setChosen(event.target.value)}>
          {own.map((number) => (
            <option key={number.id} value={number.id}>
              {named(number)}
            </option>
          ))}
        </Select>
      ) : (
        <p className="tabular text-sm text-muted">{i18n.t("from {number}", { number: named(from) })}</p>
      )}
      {meant.kind === "unclear" ? (
        <p className="text-sm text-danger">{codeText("not_a_number")}</p>
      ) : (
        <>
          <Button
            look="primary"
            busy={busy}
            icon={<Smartphone size={16} aria-hidden />}
            onClick={() => start(meant.to)}
          >
            <bdi className="tabular">{i18n.t("Text {number}", { number: formatParty(meant.to) })}</bdi>
          </Button>
          <p aria-live="polite" className="text-center text-sm text-muted">
            {placeOf(meant)}
          </p>
        </>
      )}
    </div>
  );
}

/** What is typed without a country's code means another number from each of one's own. */
function placeOf({ kind, country }: Exclude<Meant, { kind: "too_short" | "unclear" }>): string {
  const name = countryName(country);
  return kind === "short" ? i18n.t("A short code, for phones in this country only: {name}", { name }) : name;
}
