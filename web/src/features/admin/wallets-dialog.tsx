import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { v4 as newId } from "uuid";
import { adjustWallet, listWalletsOf, setCreditLimit } from "../../api/calls";
import type { AdminUser, WalletMode } from "../../api/types";
import { formatMoney, parseMoney } from "../../lib/money";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field, Select } from "../../ui/field";
import { SkeletonRows } from "../../ui/skeleton";
import { showToast } from "../../ui/toast";

type What = "give" | "take" | "lend";
const MAX_REASON = 200;

/** Giving, taking and lending: each is one wish, named anew whenever something of it changes. */
function useWalletChange(user: AdminUser) {
  const client = useQueryClient();
  const key = ["wallets-of", user.id];
  const wallets = useQuery({ queryKey: key, queryFn: () => listWalletsOf(user.id) });
  const change = useMutation({
    mutationFn: ({ what, mode, amount, reason, wish }: Change): Promise<unknown> =>
      what === "lend"
        ? setCreditLimit(user.id, mode, amount)
        : adjustWallet(user.id, mode, wish, { amount_micros: what === "give" ? amount : -amount, reason }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  return { wallets, change };
}
type Change = { what: What; mode: WalletMode; amount: number; reason: string; wish: string };

export function WalletsDialog({ user, name, onClose }: { user: AdminUser; name: string; onClose: () => void }) {
  const { wallets, change } = useWalletChange(user);
  const [what, setWhat] = useState<What>("give");
  const [mode, setMode] = useState<WalletMode>("live");
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [wish, setWish] = useState(() => newId());
  const amount = parseMoney(text);
  const currency = wallets.data?.currency ?? "USD";
  const valid = amount !== null && (what === "lend" || (amount > 0 && reason.trim() !== ""));
  const submit = () => {
    if (!valid) return;
    change.mutate(
      { what, mode, amount, reason, wish },
      {
        onSuccess: () => {
          showToast(i18n.t("The wallet of {name} was changed.", { name }));
          onClose();
        },
      },
    );
  };
  const edited =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      change.reset();
      setWish(newId());
      set(value);
    };
  return (
    <Dialog
      title={i18n.t("Wallets of {name}", { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" busy={change.isPending} disabled={!valid} onClick={submit}>
            {i18n.t("Change wallet")}
          </Button>
        </>
      }
    >
      {wallets.isPending && <SkeletonRows count={2} avatar={false} />}
      {wallets.isError && <Failure text={problemText(wallets.error)} onRetry={() => wallets.refetch()} />}
      {wallets.data && (
        <dl className="mb-5 grid grid-cols-2 gap-3">
          {wallets.data.wallets.map((wallet) => (
            <div key={wallet.mode} className="rounded-card border border-line p-3">
              <dt className="text-sm text-muted">
                {wallet.mode === "test" ? i18n.t("Test money") : i18n.t("Real money")}
              </dt>
              <dd className="tabular truncate text-lg font-semibold">{formatMoney(wallet.balance_micros, currency)}</dd>
              {wallet.credit_limit_micros > 0 && (
                <dd className="tabular text-sm text-muted">
                  {i18n.t("May go down to {amount}", { amount: formatMoney(-wallet.credit_limit_micros, currency) })}
                </dd>
              )}
            </div>
          ))}
        </dl>
      )}
      <form
        className="grid grid-cols-2 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Select
          label={i18n.t("What to do")}
          value={what}
          onChange={(event) => edited(setWhat)(event.target.value as What)}
        >
          <option value="give">{i18n.t("Give")}</option>
          <option value="take">{i18n.t("Take")}</option>
          <option value="lend">{i18n.t("Set the credit limit")}</option>
        </Select>
        <Select
          label={i18n.t("Wallet")}
          value={mode}
          onChange={(event) => edited(setMode)(event.target.value as WalletMode)}
        >
          <option value="live">{i18n.t("Real money")}</option>
          <option value="test">{i18n.t("Test money")}</option>
        </Select>
        <div className="col-span-2 flex flex-col gap-4">
          <Field
            label={i18n.t("Amount in {currency}", { currency })}
            inputMode="decimal"
            value={text}
            error={change.isError ? problemText(change.error) : null}
            onChange={(event) => edited(setText)(event.target.value)}
          />
          {what !== "lend" && (
            <Field
              label={i18n.t("Reason")}
              hint={i18n.t("{name} reads it.", { name })}
              maxLength={MAX_REASON}
              value={reason}
              onChange={(event) => edited(setReason)(event.target.value)}
            />
          )}
        </div>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
