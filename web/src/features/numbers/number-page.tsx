import { i18n } from "@lingui/core";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, Copy, PhoneOff } from "lucide-react";
import type { PhoneNumber } from "../../api/types";
import { useWallet } from "../../billing/wallets";
import { countryName } from "../../lib/countries";
import { formatMoney } from "../../lib/money";
import { formatPhone } from "../../lib/phone";
import { problemText } from "../../lib/problem-text";
import { IconButton } from "../../ui/button";
import { copyText } from "../../ui/copy-button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showToast } from "../../ui/toast";
import { CapabilityList } from "./components/capabilities";
import { LabelForm } from "./components/label-form";
import { Mark, Simulated } from "./components/mark";
import { ReleaseCard } from "./components/release-card";
import { RenewalCard } from "./components/renewal-card";
import { SharesCard } from "./components/shares-card";
import { UsageCard } from "./components/usage-card";
import { useNumber } from "./queries";
import { kindName, sharedText } from "./words";

export function NumberPage() {
  const { numberId } = useParams({ from: "/shell/numbers/$numberId" });
  const number = useNumber(numberId);
  return (
    <main className="mx-auto w-full max-w-260 px-4 py-5 md:px-8 md:py-6">
      <nav aria-label={i18n.t("Breadcrumbs")} className="mb-3">
        <Link
          to="/numbers"
          className="inline-flex min-h-6 items-center gap-1 rounded-control text-sm text-muted hover:text-ink touch:min-h-11"
        >
          {i18n.t("My numbers")}
          <ChevronRight size={14} aria-hidden className="rtl:-scale-x-100" />
        </Link>
      </nav>
      {number.isPending && <SkeletonRows count={6} avatar={false} />}
      {number.isError && <Failure text={problemText(number.error)} onRetry={() => number.refetch()} />}
      {number.data === null && (
        <Empty icon={PhoneOff} text={i18n.t("This number is not yours, and not shared with you.")}>
          <Link to="/numbers" className="font-medium text-accent underline underline-offset-2">
            {i18n.t("Go to my numbers")}
          </Link>
        </Empty>
      )}
      {number.data && <Details number={number.data} />}
    </main>
  );
}

function Details({ number }: { number: PhoneNumber }) {
  const { currency } = useWallet(number.mode);
  const owned = number.my_role === "owner";
  const shared = sharedText(number);
  const facts = [
    [i18n.t("Country"), countryName(number.country)],
    [i18n.t("Place"), number.place],
    [i18n.t("Type"), kindName(number.kind)],
    [i18n.t("Operator"), number.operator],
    [i18n.t("Monthly"), formatMoney(number.monthly_micros, currency)],
  ];
  const copy = async () => {
    if (await copyText(number.number)) showToast(i18n.t("{number} is copied.", { number: number.number }));
  };
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center gap-2">
        <h2 className="tabular text-2xl font-semibold tracking-tight">
          {formatPhone(number.number, number.area_code)}
        </h2>
        <IconButton size="sm" label={i18n.t("Copy number")} onClick={copy}>
          <Copy size={16} aria-hidden />
        </IconButton>
        {number.mode === "test" && <Simulated />}
        {shared && <Mark>{shared}</Mark>}
      </div>
      {owned ? (
        <LabelForm key={number.id} number={number} />
      ) : (
        number.label && <p className="text-muted">{number.label}</p>
      )}
      <div className="mt-5 grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <RenewalCard number={number} currency={currency} />
          <UsageCard number={number} currency={currency} />
          <SharesCard number={number} />
          {owned && number.state === "owned" && <ReleaseCard number={number} />}
        </div>
        <Card>
          <h3 className="mb-3 font-semibold">{i18n.t("About this number")}</h3>
          <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
            {facts
              .filter(([, value]) => value)
              .map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd className="tabular min-w-0 break-words">{value}</dd>
                </div>
              ))}
          </dl>
          <CapabilityList able={number} />
        </Card>
      </div>
    </>
  );
}
