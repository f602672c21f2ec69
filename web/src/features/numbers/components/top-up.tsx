import { i18n } from "@lingui/core";
import { useState } from "react";
import { formatMoney } from "../../../lib/money";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { showToast } from "../../../ui/toast";
import { useTopUp } from "../queries";
import { settleWish, wishFor } from "../wishes";

const UNIT = 1_000_000;
const USUAL = [5 * UNIT, 20 * UNIT, 100 * UNIT];

/** Test money with one press, wherever it is missing. */
export function TopUpButtons({ currency, onDone }: { currency: string; onDone?: () => void }) {
  const pay = useTopUp();
  const [chosen, setChosen] = useState<number | null>(null);
  const add = (amount: number) => {
    const wish = `top-up ${amount}`;
    setChosen(amount);
    pay.mutate(
      { wish: wishFor(wish), amount },
      {
        onSuccess: () => {
          settleWish(wish);
          showToast(i18n.t("{amount} of test money are in your wallet.", { amount: formatMoney(amount, currency) }));
          onDone?.();
        },
      },
    );
  };
  return (
    <div className="flex flex-col gap-2">
      <fieldset className="grid grid-cols-3 gap-2">
        <legend className="sr-only">{i18n.t("Top up test money")}</legend>
        {USUAL.map((amount) => (
          <Button
            key={amount}
            className="tabular px-2"
            busy={pay.isPending && chosen === amount}
            disabled={pay.isPending}
            onClick={() => add(amount)}
          >
            {i18n.t("Add {amount}", { amount: formatMoney(amount, currency) })}
          </Button>
        ))}
      </fieldset>
      {pay.isError && (
        <p role="alert" className="text-sm text-danger">
          {problemText(pay.error)}
        </p>
      )}
    </div>
  );
}

export function TopUpDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  return (
    <Dialog
      title={i18n.t("Top up test money")}
      description={i18n.t("It costs nothing and pays for everything that is simulated: phone numbers, texts, codes.")}
      onClose={onClose}
    >
      <TopUpButtons currency={currency} onDone={onClose} />
    </Dialog>
  );
}
