import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import type { Dashboard } from "../../../api/types";
import { formatDate } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { Card } from "../../../ui/section-layout";

const linkLook = "font-medium text-accent underline-offset-2 hover:underline";

/** What I own, what ends soon, and what is in the wallets. */
export function Numbers({ data: { numbers, verifications, wallets, currency } }: { data: Dashboard }) {
  const { owned, shared, ending } = numbers;
  return (
    <Card flush>
      <div className="flex items-center gap-3 px-5 pt-4 pb-2">
        <h3 className="grow font-semibold">{i18n.t("Numbers and wallets")}</h3>
        <Link to="/numbers" className={`inline-flex min-h-6 items-center text-sm touch:min-h-11 ${linkLook}`}>
          {owned + shared === 0 ? i18n.t("Get a number") : i18n.t("All numbers")}
        </Link>
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 border-b border-line px-5 pb-4">
        <Fact name={i18n.t("My numbers")} value={String(owned)} />
        <Fact name={i18n.t("Shared with me")} value={String(shared)} />
        <Fact
          name={i18n.t("Codes in 30 days")}
          value={i18n.t("{came} of {begun}", { came: verifications.completed, begun: verifications.begun })}
        />
        <Fact name={i18n.t("Codes waited for")} value={String(verifications.waiting)} />
        {wallets.map(({ mode, balance_micros }) => (
          <Fact
            key={mode}
            name={mode === "test" ? i18n.t("Test money") : i18n.t("Real money")}
            value={formatMoney(balance_micros, currency)}
          />
        ))}
      </dl>
      {ending.length === 0 ? (
        <p className="px-5 py-4 text-sm text-muted">{i18n.t("No number ends within a week.")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {ending.map((number) => (
            <li key={number.id} className="flex items-center gap-3 px-5 py-2.5">
              <div className="min-w-0 grow">
                <Link
                  to="/numbers/$numberId"
                  params={{ numberId: number.id }}
                  className={`tabular inline-flex min-h-6 items-center touch:min-h-11 ${linkLook}`}
                >
                  {formatPhone(number.number)}
                </Link>
                <p className="truncate text-sm text-muted">
                  {number.auto_renew && !number.cancelled
                    ? i18n.t("Renews itself before {date}", { date: formatDate(number.paid_until) })
                    : i18n.t("Ends on {date}", { date: formatDate(number.paid_until) })}
                </p>
              </div>
              <p className="tabular shrink-0 text-sm">{formatMoney(number.monthly_micros, currency)}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className="tabular truncate text-lg font-semibold tracking-tight">{value}</dd>
    </div>
  );
}
