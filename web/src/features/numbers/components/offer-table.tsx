import { i18n } from "@lingui/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { NumberOffer } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { moveFocus } from "../../../lib/keyboard";
import type { MarketSearch, NumberSort } from "../../../lib/market-search";
import { useTouch } from "../../../lib/use-media";
import { useWidth } from "../../../lib/use-width";
import { OfferRow, offerColumns } from "./offer-row";

const AHEAD = 30;
/** 39rem, as the rows say it. */
const TWO_LINES_BELOW = 624;

type Props = { offers: NumberOffer[]; search: MarketSearch; currency: string; more: boolean; onEnd: () => void };

export function OfferTable({ offers, search, currency, more, onEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const narrow = useWidth(box) < TWO_LINES_BELOW;
  const touch = useTouch();
  const [active, setActive] = useState(0);
  const size = narrow ? 68 : touch ? 44 : 36;
  const virtualizer = useVirtualizer({
    count: offers.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    getItemKey: (index) => offers[index]?.number ?? index,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size of rows is the reason
  useEffect(() => virtualizer.measure(), [size]);
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const atEnd = more && last >= offers.length - AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reaching the end is the reason, not the function
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, offers.length]);
  // One stop for the Tab key, and always one that is there.
  const stop = active >= first && active <= last ? active : first;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the rows
    <div
      ref={box}
      data-scroll-restoration-id="offers"
      className="@container scroll-y relative min-h-48 grow basis-0"
      onKeyDown={(event) => moveFocus(event, "[data-offer]")}
    >
      <table
        aria-label={i18n.t("Numbers for sale")}
        aria-rowcount={more ? -1 : offers.length + 1}
        className="block text-start"
      >
        <thead className="block sticky top-0 z-10 border-b border-line bg-surface @max-[39rem]:sr-only">
          <tr aria-rowindex={1} className={cx(offerColumns, "h-9 border-line px-4 text-xs font-medium text-muted")}>
            <Head sort={narrow ? undefined : "number"} search={search} name={i18n.t("Number")} />
            <Head sort={narrow ? undefined : "area_code"} search={search} name={i18n.t("Place")} />
            <Head name={i18n.t("Type")} search={search} />
            <Head
              sort={narrow ? undefined : "operator"}
              search={search}
              name={i18n.t("Operator")}
              className="hidden text-start @min-[50rem]:block"
            />
            <Head name={i18n.t("Can")} search={search} />
            <Head sort={narrow ? undefined : "price"} search={search} name={i18n.t("Monthly")} className="text-end" />
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const offer = offers[item.index];
            if (!offer) return null;
            return (
              <OfferRow
                key={item.key}
                offer={offer}
                currency={currency}
                search={search}
                place={{ index: item.index, start: item.start, size: item.size }}
                isStop={item.index === stop}
                onFocus={() => setActive(item.index)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type HeadProps = { name: string; sort?: NumberSort; search: MarketSearch; className?: string };

function Head({ name, sort, search, className }: HeadProps) {
  const navigate = useNavigate({ from: "/numbers/market" });
  const sorted = sort !== undefined && (search.sort ?? "number") === sort;
  return (
    <th
      scope="col"
      aria-sort={sorted ? "ascending" : undefined}
      className={cx("font-medium", className ?? "text-start")}
    >
      {sort ? (
        <Link
          from="/numbers/market"
          to="/numbers/market"
          search={{ ...search, sort: sort === "number" ? undefined : sort }}
          replace
          onKeyDown={(event) => {
            if (event.key !== " ") return;
            event.preventDefault();
            navigate({ search: { ...search, sort: sort === "number" ? undefined : sort }, replace: true });
          }}
          className={cx("inline-flex min-h-6 items-center gap-1 rounded-control hover:text-ink", sorted && "text-ink")}
        >
          {name}
          {sorted && <ArrowUp size={13} aria-hidden />}
        </Link>
      ) : (
        name
      )}
    </th>
  );
}
