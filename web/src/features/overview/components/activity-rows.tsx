import {
  ArrowDownLeft,
  ArrowUpRight,
  CircleSlash,
  Hash,
  LogIn,
  type LucideIcon,
  OctagonAlert,
  Scale,
  Share2,
} from "lucide-react";
import type { Activity } from "../../../api/types";
import { formatExact, formatMoment } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { activityAbout, activityText } from "../words";

const ICONS: Record<Activity["kind"], LucideIcon> = {
  topped_up: ArrowDownLeft,
  adjusted: Scale,
  number_bought: Hash,
  number_renewed: Hash,
  spent: ArrowUpRight,
  signed_in: LogIn,
  number_shared: Share2,
  opted_out: CircleSlash,
  texts_failed: OctagonAlert,
};

/** Above zero is what came into the wallet. */
function change({ kind, amount_micros }: Activity): number | null {
  if (amount_micros === null) return null;
  return kind === "topped_up" || kind === "adjusted" ? amount_micros : -amount_micros;
}

export function ActivityRows({ list, currency }: { list: Activity[]; currency: string }) {
  return (
    <ul className="divide-y divide-line">
      {list.map((each) => {
        const Icon = ICONS[each.kind];
        const about = activityAbout(each);
        const money = change(each);
        return (
          <li
            key={`${each.kind} ${each.at} ${each.number} ${each.about}`}
            className="flex items-center gap-3.5 px-5 py-2.5"
          >
            <Icon size={17} strokeWidth={1.75} className="shrink-0 text-muted" aria-hidden />
            <div className="min-w-0 grow">
              <p className="tabular text-sm font-medium break-words">{activityText(each)}</p>
              <p className="text-xs break-words text-muted">
                <time dateTime={each.at} title={formatExact(each.at)}>
                  {formatMoment(each.at)}
                </time>
                {about && <> · {about}</>}
              </p>
            </div>
            {money !== null && (
              <p className="tabular shrink-0 text-sm font-medium">{formatMoney(money, currency, { signed: true })}</p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
