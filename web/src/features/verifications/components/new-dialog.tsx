import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { v4 as newId } from "uuid";
import type { NewVerification } from "../../../api/calls";
import { ApiError } from "../../../api/errors";
import { countryName, ownCountry } from "../../../lib/countries";
import { compareNames } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Select } from "../../../ui/field";
import { useCountries, useCreate, useNumbers, useServices } from "../queries";
import { isTooLong } from "../words";
import { ServiceField } from "./service-field";

const MINUTES = [5, 10, 20, 30, 60];
const USUAL = 20;
const LENT = "";

/** Which service, on which number, how long. */
export function NewDialog({ onClose }: { onClose: () => void }) {
  const offer = useServices().data?.temporary[0];
  const numbers = useNumbers();
  const countries = useCountries().data ?? [];
  const create = useCreate();
  const field = useRef<HTMLInputElement>(null);
  const [service, setService] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [country, setCountry] = useState<string | null>(null);
  const [minutes, setMinutes] = useState(USUAL);
  // The same wish until it changes: whoever presses twice waits once.
  const wish = useRef({ of: "", id: "" });
  const own = numbers.data ?? [];
  const on = chosen ?? own[0]?.id ?? LENT;
  const from = country ?? countries.find((each) => each.country === ownCountry())?.country ?? "US";
  const isLent = on === LENT;
  const isNamed = service.trim() !== "" && !isTooLong(service);
  const price = isLent && offer ? formatMoney(offer.price_micros, offer.currency) : null;
  const isPoor = create.error instanceof ApiError && create.error.problem.code === "not_enough_money";

  const begin = () => {
    if (!isNamed || (isLent && !offer)) return;
    const place =
      isLent && offer
        ? { country: from, carrier: offer.carrier, max_price_micros: offer.price_micros }
        : { number_id: on };
    const body: NewVerification = { service: service.trim(), minutes, ...place };
    const of = JSON.stringify(body);
    if (wish.current.of !== of) wish.current = { of, id: newId() };
    create.mutate({ wish: wish.current.id, body }, { onSuccess: onClose });
  };

  return (
    <Dialog
      title={i18n.t("New verification")}
      onClose={onClose}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={create.isPending} disabled={!isNamed || numbers.isPending} onClick={begin}>
            {price ? i18n.t("Wait for the code for {price}", { price }) : i18n.t("Wait for the code")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <ServiceField field={field} value={service} onChange={setService} />
        <Select
          label={i18n.t("Number")}
          value={on}
          hint={
            isLent
              ? i18n.t("Only this code comes to it. You pay when the code comes, and nothing if none does.")
              : i18n.t("Free. The text stays in the number's conversations, too.")
          }
          onChange={(event) => setChosen(event.target.value)}
        >
          {own.map(({ id, number, label }) => (
            <option key={id} value={id}>
              {label ? `${formatPhone(number)} · ${label}` : formatPhone(number)}
            </option>
          ))}
          {offer && (
            <option value={LENT}>
              {i18n.t("A temporary number, {price}", { price: formatMoney(offer.price_micros, offer.currency) })}
            </option>
          )}
        </Select>
        <div className="grid grid-cols-2 gap-3">
          {isLent && (
            <Select label={i18n.t("Country")} value={from} onChange={(event) => setCountry(event.target.value)}>
              {countries
                .map((each) => ({ ...each, name: countryName(each.country) }))
                .sort((a, b) => compareNames(a.name, b.name))
                .map((each) => (
                  <option key={each.country} value={each.country}>
                    {each.name} (+{each.calling_code})
                  </option>
                ))}
            </Select>
          )}
          <Select
            label={i18n.t("How long")}
            value={minutes}
            onChange={(event) => setMinutes(Number(event.target.value))}
          >
            {MINUTES.map((each) => (
              <option key={each} value={each}>
                {i18n.t("{count} minutes", { count: each })}
              </option>
            ))}
          </Select>
        </div>
        {create.isError && (
          <p role="alert" className="text-sm text-danger">
            {problemText(create.error)}{" "}
            {isPoor && (
              <Link to="/settings/wallet" className="font-medium text-accent underline">
                {i18n.t("Open the wallet")}
              </Link>
            )}
          </p>
        )}
      </form>
    </Dialog>
  );
}
