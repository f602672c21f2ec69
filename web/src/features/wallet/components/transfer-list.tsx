import { i18n } from "@lingui/core";
import { ArrowDownLeft, ArrowUpRight, Lock, ReceiptText } from "lucide-react";
import type { Transfer, WalletMode } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatExact, formatMoment } from "../../../lib/format";
import { aboutText } from "../../../lib/ledger-about";
import { formatMoney } from "../../../lib/money";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { Empty } from "../../../ui/empty";
import { Failure } from "../../../ui/failure";
import { Card } from "../../../ui/section-layout";
import { SkeletonRows } from "../../../ui/skeleton";
import { useTransfers } from "../queries";
import { balanceChange, settledAmount, transferText } from "../transfer-text";

export function TransferList({ mode, currency }: { mode: WalletMode; currency: string }) {
  const transfers = useTransfers(mode);
  const list = transfers.data?.pages.flatMap((page) => page.transfers) ?? [];
  return (
    <>
      <Card flush>
        {transfers.isPending && <SkeletonRows count={4} avatar={false} />}
        {transfers.isError && <Failure text={problemText(transfers.error)} onRetry={() => transfers.refetch()} />}
        {transfers.data && list.length === 0 && (
          <Empty
            icon={ReceiptText}
            text={
              mode === "test"
                ? i18n.t("Nothing happened yet. Top up, and what you spend stands here.")
                : i18n.t("Nothing happened yet. An administrator of this server can give you real money.")
            }
          />
        )}
        <ul className="divide-y divide-line">
          {list.map((transfer) => (
            <Row key={transfer.id} transfer={transfer} currency={currency} />
          ))}
        </ul>
      </Card>
      {transfers.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={transfers.isFetchingNextPage} onClick={() => transfers.fetchNextPage()}>
            {i18n.t("Show earlier movements")}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ transfer, currency }: { transfer: Transfer; currency: string }) {
  const change = balanceChange(transfer);
  const settled = settledAmount(transfer);
  const saysAbout = transfer.about !== "" && transfer.to_account !== "held";
  const held = transfer.from_account === "held" || transfer.to_account === "held";
  const Icon = held ? Lock : change > 0 ? ArrowDownLeft : ArrowUpRight;
  return (
    <li className="flex items-center gap-3.5 px-5 py-3">
      <span
        className={cx(
          "grid size-9 shrink-0 place-items-center rounded-full bg-hover",
          change > 0 ? "text-ok" : "text-muted",
        )}
      >
        <Icon size={18} strokeWidth={1.75} aria-hidden />
      </span>
      <div className="min-w-0 grow">
        <p className="font-medium break-words">{transferText(transfer)}</p>
        <p className="text-sm break-words text-muted">
          <time dateTime={transfer.created_at} title={formatExact(transfer.created_at)}>
            {formatMoment(transfer.created_at)}
          </time>
          {saysAbout && <> · {aboutText(transfer.about)}</>}
          {settled !== null && <> · {i18n.t("paid from what was set aside")}</>}
        </p>
      </div>
      <div className="tabular shrink-0 text-end">
        {settled === null ? (
          <p className={cx("font-medium", change > 0 && "text-ok")}>
            {formatMoney(change, currency, { signed: true })}
          </p>
        ) : (
          <p className="text-muted">{formatMoney(settled, currency)}</p>
        )}
        <p className="text-sm text-muted">
          <span className="sr-only">{i18n.t("Balance afterwards:")} </span>
          {formatMoney(transfer.balance_micros, currency)}
        </p>
      </div>
    </li>
  );
}
