import { Link } from "@tanstack/react-router";
import type { NumberOffer } from "../../../api/types";
import { cx } from "../../../lib/cx";
import type { MarketSearch } from "../../../lib/market-search";
import { formatMoney } from "../../../lib/money";
import { formatPhone } from "../../../lib/phone";
import { kindName } from "../words";
import { CapabilityMarks } from "./capabilities";
import { Simulated } from "./mark";

/** Fewer columns where there is less room: the operator goes first. */
export const offerColumns =
  "@min-[39rem]:grid @min-[39rem]:grid-cols-[12.5rem_minmax(4rem,1fr)_4.5rem_8.25rem_4.5rem] @min-[39rem]:items-center @min-[39rem]:gap-x-3 @min-[50rem]:grid-cols-[12.5rem_minmax(6rem,1fr)_5rem_minmax(6rem,11rem)_8.25rem_5rem]";

type Props = {
  offer: NumberOffer;
  currency: string;
  search: MarketSearch;
  place: { index: number; start: number; size: number };
  isStop: boolean;
  onFocus: () => void;
};

/** One line of columns; two lines where it is narrow. The whole of it opens the panel. */
export function OfferRow({ offer, currency, search, place, isStop, onFocus }: Props) {
  const digits = offer.number.slice(1);
  const open = search.number === digits;
  const { number: _open, ...rest } = search;
  return (
    <tr
      aria-rowindex={place.index + 2}
      style={{ height: place.size, transform: `translateY(${place.start}px)` }}
      className={cx(
        "absolute inset-x-0 top-0 border-b border-line px-4 text-sm hover:bg-hover",
        open && "bg-selected",
        "@max-[39rem]:grid @max-[39rem]:grid-cols-[1fr_auto] @max-[39rem]:content-center @max-[39rem]:gap-x-3 @max-[39rem]:gap-y-1.5",
        offerColumns,
      )}
    >
      <td className="flex min-w-0 items-center gap-2">
        <Link
          from="/numbers/market"
          to="/numbers/market"
          search={{ ...rest, number: digits }}
          replace={search.number !== undefined}
          data-offer={digits}
          tabIndex={isStop ? 0 : -1}
          aria-current={open ? "true" : undefined}
          onFocus={onFocus}
          className="tabular font-medium whitespace-nowrap outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-info @max-[39rem]:text-base"
        >
          {formatPhone(offer.number, offer.area_code)}
        </Link>
        {offer.simulated && <Simulated />}
      </td>
      <td className="min-w-0 truncate @max-[39rem]:row-start-2 @max-[39rem]:text-muted">
        <span className="@min-[39rem]:hidden">{[offer.place, kindName(offer.kind)].filter(Boolean).join(" · ")}</span>
        <span className="@max-[39rem]:hidden">{offer.place ?? <span className="text-muted">–</span>}</span>
      </td>
      <td className="truncate text-muted @max-[39rem]:hidden">{kindName(offer.kind)}</td>
      <td className="hidden truncate text-muted @min-[50rem]:block">{offer.operator}</td>
      <td className="@max-[39rem]:col-start-2 @max-[39rem]:row-start-2">
        <CapabilityMarks able={offer} />
      </td>
      <td className="tabular text-end @max-[39rem]:col-start-2 @max-[39rem]:row-start-1 @max-[39rem]:self-center">
        {formatMoney(offer.monthly_micros, currency)}
      </td>
    </tr>
  );
}
