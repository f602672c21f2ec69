import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import type { PhoneNumber } from "../../../api/types";
import { countryName } from "../../../lib/countries";
import { cx } from "../../../lib/cx";
import { formatExact } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { useUsage } from "../queries";
import { formatDistance, renewalOf } from "../renewal";
import { monthStart, sumOf } from "../usage";
import { kindName, sharedText } from "../words";
import { AutoRenew } from "./auto-renew";
import { Mark, Simulated } from "./mark";

const tones = { plain: "", warn: "text-warn", danger: "text-danger" } as const;

/** A line of the table; a card where it is narrow. */
export function NumberRow({ number, currency }: { number: PhoneNumber; currency: string }) {
  const renewal = renewalOf(number);
  const shared = sharedText(number);
  const owned = number.my_role === "owner";
  const cell = "px-4 py-2.5 align-middle @max-[46rem]:block @max-[46rem]:px-0 @max-[46rem]:py-0";
  return (
    <tr className="relative hover:bg-hover @max-[46rem]:grid @max-[46rem]:grid-cols-[1fr_auto] @max-[46rem]:gap-x-4 @max-[46rem]:gap-y-1.5 @max-[46rem]:px-4 @max-[46rem]:py-3.5">
      <td className={cx(cell, "@max-[46rem]:col-span-2")}>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/numbers/$numberId"
            params={{ numberId: number.id }}
            className="tabular font-semibold whitespace-nowrap outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-info"
          >
            {formatPhone(number.number, number.area_code)}
          </Link>
          {number.mode === "test" && <Simulated />}
          {shared && <Mark>{shared}</Mark>}
        </span>
        {number.label && <span className="block max-w-72 truncate text-muted">{number.label}</span>}
      </td>
      <td className={cx(cell, "text-muted")}>
        <span className="block @max-[46rem]:inline">{number.place ?? countryName(number.country)}</span>
        <span className="@min-[46rem]:hidden"> · </span>
        <span className="text-xs @max-[46rem]:text-sm">{kindName(number.kind)}</span>
      </td>
      <td className={cx(cell, "@max-[46rem]:col-start-1")}>
        <span className={cx("block", tones[renewal.tone])}>{renewal.text}</span>
        {renewal.at && (
          <time dateTime={renewal.at} title={formatExact(renewal.at)} className="block text-xs text-muted">
            {formatDistance(renewal.at)}
            {owned && renewal.tone === "plain" && number.auto_renew && (
              <span className="tabular"> · {formatMoney(number.monthly_micros, currency)}</span>
            )}
          </time>
        )}
      </td>
      <td
        className={cx(
          cell,
          "@max-[46rem]:col-start-2 @max-[46rem]:row-start-2 @max-[46rem]:row-span-2 @max-[46rem]:self-center",
        )}
      >
        {owned ? (
          <span className="relative z-10 inline-flex">
            <AutoRenew number={number} />
          </span>
        ) : (
          <span className="text-muted">–</span>
        )}
      </td>
      <td className={cx(cell, "tabular text-muted @max-[46rem]:col-span-2")}>
        <MonthUse id={number.id} currency={currency} />
      </td>
    </tr>
  );
}

function MonthUse({ id, currency }: { id: string; currency: string }) {
  const usage = useUsage(id, monthStart());
  if (!usage.data) return <span className="skeleton inline-block h-3.5 w-28" />;
  const { sent, received, cost } = sumOf(usage.data.days);
  if (sent + received === 0) return <>{i18n.t("Nothing yet this month")}</>;
  return (
    <>
      <span className="block @max-[46rem]:inline">
        {i18n.t("{sent} sent, {received} received", { sent, received })}
      </span>
      <span className="@min-[46rem]:hidden"> · </span>
      <span className="text-xs @max-[46rem]:text-sm">{formatMoney(cost, currency)}</span>
    </>
  );
}
