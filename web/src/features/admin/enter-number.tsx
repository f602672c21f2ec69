import { i18n } from "@lingui/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { v4 as newId } from "uuid";
import { enterNumber, listCarriers } from "../../api/calls";
import type { AdminUser } from "../../api/types";
import { parseMoney } from "../../lib/money";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field, Select } from "../../ui/field";
import { showToast } from "../../ui/toast";

/** A number that a carrier gave us by contract: this person owns it from now on. */
export function EnterNumber({ user, name, onClose }: { user: AdminUser; name: string; onClose: () => void }) {
  const carriers = useQuery({ queryKey: ["carriers"], queryFn: listCarriers });
  const [chosen, setChosen] = useState("");
  const [number, setNumber] = useState("");
  const [month, setMonth] = useState("0");
  const [wish, setWish] = useState(() => newId());
  const monthly_micros = parseMoney(month);
  const choices = carriers.data?.carriers.filter(({ settings }) => settings !== null) ?? [];
  const carrier = chosen || (choices[0]?.name ?? "");
  const enter = useMutation({
    mutationFn: () =>
      enterNumber(wish, { carrier, number, user_id: user.id, monthly_micros: monthly_micros ?? 0, label: "" }),
    onSuccess: (entered) => {
      showToast(i18n.t("{name} has {number} now.", { name, number: entered.number }));
      onClose();
    },
  });
  const edited = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    enter.reset();
    setWish(newId());
    set(event.target.value);
  };
  const ready = carrier !== "" && number.trim() !== "" && monthly_micros !== null;
  const submit = () => {
    if (ready) enter.mutate();
  };
  return (
    <Dialog
      title={i18n.t("Enter a number of {name}", { name })}
      description={i18n.t("One that a carrier gave you. Its owner sends and receives with it from now on.")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={enter.isPending} disabled={!ready} onClick={submit}>
            {i18n.t("Enter number")}
          </Button>
        </>
      }
    >
      {carriers.isError && <Failure text={problemText(carriers.error)} onRetry={() => carriers.refetch()} />}
      {carriers.data && choices.length === 0 && (
        <p className="mb-4 text-sm text-muted">
          {i18n.t("No carrier gives numbers yet: add one under Carriers. Simulated ones are bought in the market.")}
        </p>
      )}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Select label={i18n.t("Carrier")} value={carrier} onChange={edited(setChosen)} disabled={choices.length === 0}>
          {choices.map((choice) => (
            <option key={choice.name} value={choice.name}>
              {choice.name}
            </option>
          ))}
        </Select>
        <Field
          label={i18n.t("Phone number")}
          hint={i18n.t("With + and the country's code.")}
          inputMode="tel"
          value={number}
          error={enter.isError ? problemText(enter.error) : null}
          onChange={edited(setNumber)}
        />
        <Field
          label={i18n.t("A month costs its owner")}
          inputMode="decimal"
          value={month}
          error={monthly_micros === null ? i18n.t("Type an amount, such as 1.50.") : null}
          onChange={edited(setMonth)}
        />
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
