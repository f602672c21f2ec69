import { i18n } from "@lingui/core";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Wallet, WalletMode } from "../../api/types";
import { TopUpDialog } from "../../billing/top-up";
import { useWallets } from "../../billing/wallets";
import { cx } from "../../lib/cx";
import { formatMoney } from "../../lib/money";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { TransferList } from "./components/transfer-list";

const names: Record<WalletMode, () => string> = {
  test: () => i18n.t("Test money"),
  live: () => i18n.t("Real money"),
};

export function WalletPage() {
  const { mode = "test" } = useSearch({ from: "/shell/settings/wallet" });
  const wallets = useWallets();
  const [toppingUp, setToppingUp] = useState(false);
  return (
    <SectionPage
      title={i18n.t("Wallet")}
      hint={i18n.t(
        "Test money pays for what is simulated, real money for what is real. Neither ever pays for the other.",
      )}
      action={
        <Button look="primary" disabled={!wallets.data} onClick={() => setToppingUp(true)}>
          {i18n.t("Top up")}
        </Button>
      }
    >
      {wallets.isPending && (
        <Card flush>
          <SkeletonRows count={2} avatar={false} />
        </Card>
      )}
      {wallets.isError && (
        <Card flush>
          <Failure text={problemText(wallets.error)} onRetry={() => wallets.refetch()} />
        </Card>
      )}
      {wallets.data && (
        <>
          <nav aria-label={i18n.t("Wallets")} className="mb-6 grid grid-cols-2 gap-3">
            {wallets.data.wallets.map((wallet) => (
              <Balance
                key={wallet.mode}
                wallet={wallet}
                currency={wallets.data.currency}
                shown={wallet.mode === mode}
              />
            ))}
          </nav>
          <h3 className="mb-2.5 font-semibold">{i18n.t("What happened")}</h3>
          <TransferList mode={mode} currency={wallets.data.currency} />
          {toppingUp && <TopUpDialog currency={wallets.data.currency} onClose={() => setToppingUp(false)} />}
        </>
      )}
    </SectionPage>
  );
}

function Balance({ wallet, currency, shown }: { wallet: Wallet; currency: string; shown: boolean }) {
  const { mode, balance_micros: balance, held_micros: held, credit_limit_micros: credit } = wallet;
  return (
    <Link
      to="/settings/wallet"
      search={mode === "live" ? { mode } : {}}
      replace
      aria-current={shown ? "true" : undefined}
      className={cx(
        "rounded-card border bg-surface p-4 transition-colors hover:bg-hover",
        shown ? "border-accent" : "border-line",
      )}
    >
      <span className="block text-sm text-muted">{names[mode]()}</span>
      <span
        className={cx("tabular mt-1 block truncate text-xl font-semibold tracking-tight", balance < 0 && "text-danger")}
      >
        {formatMoney(balance, currency)}
      </span>
      {held > 0 && (
        <span className="tabular mt-0.5 block text-sm text-muted">
          {i18n.t("{amount} set aside", { amount: formatMoney(held, currency) })}
        </span>
      )}
      {credit > 0 && (
        <span className="tabular mt-0.5 block text-sm text-muted">
          {i18n.t("May go down to {amount}", { amount: formatMoney(-credit, currency) })}
        </span>
      )}
    </Link>
  );
}
