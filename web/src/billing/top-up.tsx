import { i18n } from "@lingui/core";
import { formatMoney } from "../lib/money";
import { problemText } from "../lib/problem-text";
import { settleWish, wishFor } from "../lib/wishes";
import { AmountForm } from "../ui/amount-form";
import { Dialog } from "../ui/dialog";
import { showToast } from "../ui/toast";
import { useTopUp } from "./wallets";

/** Test money, wherever it is missing. */
export function TopUpForm({ currency, onDone }: { currency: string; onDone?: () => void }) {
  const pay = useTopUp();
  const add = (amount: number) => {
    const wish = `top-up ${amount}`;
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
    <AmountForm
      currency={currency}
      action={i18n.t("Top up")}
      busy={pay.isPending}
      error={pay.isError ? problemText(pay.error) : null}
      onEdit={pay.reset}
      onSubmit={add}
    />
  );
}

export function TopUpDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  return (
    <Dialog
      title={i18n.t("Top up test money")}
      description={i18n.t("It costs nothing and pays for everything that is simulated: phone numbers, texts, codes.")}
      onClose={onClose}
    >
      <TopUpForm currency={currency} onDone={onClose} />
    </Dialog>
  );
}
