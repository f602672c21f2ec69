import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { TopUpDialog } from "../../../billing/top-up";
import { useWallets } from "../../../billing/wallets";
import { cx } from "../../../lib/cx";
import { formatMoney } from "../../../lib/money";
import { Button, IconButton } from "../../../ui/button";

/** What can be spent. Play money says that it is; real money stands here once there is some. */
export function Balance() {
  const { data } = useWallets();
  const [toppingUp, setToppingUp] = useState(false);
  if (!data) return <div className="h-9 md:h-28" />;
  const { currency } = data;
  const shown = data.wallets.filter(({ mode, balance_micros }) => mode === "test" || balance_micros !== 0);
  return (
    <section
      aria-label={i18n.t("Wallet")}
      className="flex items-center gap-2 md:flex-col md:items-stretch md:gap-3 md:rounded-card md:border md:border-line md:bg-canvas md:p-3"
    >
      {shown.map(({ mode, balance_micros }) => (
        <Link
          key={mode}
          to="/settings/wallet"
          search={mode === "live" ? { mode } : {}}
          className={cx("block rounded-control text-end md:text-start", mode === "live" && "max-md:hidden")}
        >
          <span className="block text-2xs text-muted md:text-xs">
            {mode === "test" ? i18n.t("Test money") : i18n.t("Real money")}
          </span>
          <span
            className={cx(
              "tabular block text-sm font-semibold md:text-lg md:tracking-tight",
              balance_micros < 0 && "text-danger",
            )}
          >
            {formatMoney(balance_micros, currency)}
          </span>
        </Link>
      ))}
      <Button className="max-md:hidden" icon={<Plus size={15} aria-hidden />} onClick={() => setToppingUp(true)}>
        {i18n.t("Top up")}
      </Button>
      <span className="md:hidden">
        <IconButton label={i18n.t("Top up")} onClick={() => setToppingUp(true)}>
          <Plus size={18} aria-hidden />
        </IconButton>
      </span>
      {toppingUp && <TopUpDialog currency={currency} onClose={() => setToppingUp(false)} />}
    </section>
  );
}
