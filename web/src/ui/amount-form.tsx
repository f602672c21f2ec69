import { i18n } from "@lingui/core";
import { useState } from "react";
import { formatMicros, formatMoney, parseMoney } from "../lib/money";
import { Button } from "./button";
import { Field } from "./field";

const UNIT = 1_000_000;
const USUAL = [5 * UNIT, 20 * UNIT, 100 * UNIT];
const FIRST = 20 * UNIT;
const MOST = 10_000 * UNIT;
const LEAST = UNIT / 100;

type Props = {
  currency: string;
  /** What the button does. */
  action: string;
  busy: boolean;
  error: string | null;
  onEdit: () => void;
  onSubmit: (micros: number) => void;
};

/** An amount of money: usual ones fill the field, and one button does it. */
export function AmountForm({ currency, action, busy, error, onEdit, onSubmit }: Props) {
  const [text, setText] = useState(formatMicros(FIRST));
  const amount = parseMoney(text);
  const valid = amount !== null && amount >= LEAST && amount <= MOST;
  const edit = (next: string) => {
    onEdit();
    setText(next);
  };
  const range = valid || text === "" ? null : i18n.t("From 0.01 to 10,000, with a point before the cents.");
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid && !busy) onSubmit(amount);
      }}
    >
      <div className="grid grid-cols-3 gap-2">
        {USUAL.map((each) => (
          <Button
            key={each}
            aria-pressed={amount === each}
            className="tabular px-2 aria-pressed:border-accent aria-pressed:text-accent"
            onClick={() => edit(formatMicros(each))}
          >
            {formatMoney(each, currency)}
          </Button>
        ))}
      </div>
      <Field
        label={i18n.t("Amount in {currency}", { currency })}
        inputMode="decimal"
        value={text}
        error={error ?? range}
        onChange={(event) => edit(event.target.value)}
      />
      <Button type="submit" look="primary" busy={busy} disabled={!valid} className="self-end">
        {action}
      </Button>
    </form>
  );
}
