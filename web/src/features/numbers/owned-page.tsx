import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { useState } from "react";
import { useWallet } from "../../billing/wallets";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { FirstRun, useIsFirstRun } from "./components/first-run";
import { NumberRow } from "./components/number-row";
import { useNumbers } from "./queries";
import { byExpiry } from "./renewal";

const PAGE = 50;
const primaryLink =
  "inline-flex min-h-9 items-center justify-center rounded-control bg-accent px-3.5 text-sm font-medium text-on-accent transition hover:brightness-110 touch:min-h-11 dark:hover:brightness-105";

export function OwnedPage() {
  const numbers = useNumbers();
  const { currency } = useWallet("test");
  const isFirst = useIsFirstRun();
  const [shown, setShown] = useState(PAGE);
  const list = byExpiry(numbers.data ?? []);
  const buy = (
    <Link to="/numbers/market" className={primaryLink}>
      {i18n.t("Buy a number")}
    </Link>
  );
  return (
    <SectionPage
      wide
      title={i18n.t("My numbers")}
      hint={i18n.t("What is about to end stands first.")}
      action={list.length > 0 && buy}
    >
      {isFirst && <FirstRun />}
      {(!isFirst || list.length > 0) && (
        <Card flush>
          {numbers.isPending && <SkeletonRows count={4} avatar={false} />}
          {numbers.isError && <Failure text={problemText(numbers.error)} onRetry={() => numbers.refetch()} />}
          {numbers.data && list.length === 0 && (
            <Empty icon={Hash} text={i18n.t("You have no phone number yet.")}>
              {buy}
            </Empty>
          )}
          {list.length > 0 && (
            <div className="@container">
              <table className="w-full text-start text-sm @max-[46rem]:block">
                <thead className="border-b border-line text-xs text-muted @max-[46rem]:sr-only">
                  <tr>
                    {[
                      i18n.t("Number"),
                      i18n.t("Place"),
                      i18n.t("Renewal"),
                      i18n.t("Auto-renew"),
                      i18n.t("This month"),
                    ].map((name) => (
                      <th key={name} scope="col" className="px-4 py-2.5 text-start font-medium whitespace-nowrap">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y divide-line @max-[46rem]:block">
                  {list.slice(0, shown).map((number) => (
                    <NumberRow key={number.id} number={number} currency={currency} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      )}
      {list.length > shown && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setShown(shown + PAGE)}>{i18n.t("Show more numbers")}</Button>
        </div>
      )}
    </SectionPage>
  );
}
