import { i18n } from "@lingui/core";
import { useState } from "react";
import { v4 as newId } from "uuid";
import { formatMoney, parseMoney } from "../../../lib/money";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { showToast } from "../../../ui/toast";
import { useTopUp } from "../queries";

const UNIT = 1_000_000;
const USUAL = [5, 20, 100];
const MOST = 10_000 * UNIT;
const LEAST = UNIT / 100;

type Props = { currency: string; onClose: () => void };

export function TopUpDialog({ currency, onClose }: Props) {
  const [text, setText] = useState("20");
  // Whoever presses twice, or tries again after a silence, gets it once.
  const [wish, setWish] = useState(() => newId());
  const pay = useTopUp();
  const amount = parseMoney(text);
  const valid = amount !== null && amount >= LEAST && amount <= MOST;
  const edit = (next: string) => {
    pay.reset();
    setWish(newId());
    setText(next);
  };
  const submit = () => {
    if (!valid) return;
    pay.mutate(
      { wish, amount },
      {
        onSuccess: () => {
          showToast(i18n.t("{amount} of test money are in your wallet.", { amount: formatMoney(amount, currency) }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={i18n.t("Top up test money")}
      description={i18n.t("It costs nothing and pays for everything that is simulated: phone numbers, texts, codes.")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={pay.isPending} disabled={!valid} onClick={submit}>
            {i18n.t("Top up")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="grid grid-cols-3 gap-2">
          {USUAL.map((each) => (
            <Button
              key={each}
              aria-pressed={amount === each * UNIT}
              className="aria-pressed:border-accent aria-pressed:text-accent"
              onClick={() => edit(String(each))}
            >
              {formatMoney(each * UNIT, currency)}
            </Button>
          ))}
        </div>
        <Field
          label={i18n.t("Amount in {currency}", { currency })}
          inputMode="decimal"
          value={text}
          error={
            pay.isError
              ? problemText(pay.error)
              : valid || text === ""
                ? null
                : i18n.t("From 0.01 to 10,000, with a point before the cents.")
          }
          onChange={(event) => edit(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
