import { i18n } from "@lingui/core";
import { type NumberSort, SORTS } from "../../../lib/market-search";

const NAMES: Record<NumberSort, () => string> = {
  number: () => i18n.t("By number"),
  area_code: () => i18n.t("By area code"),
  operator: () => i18n.t("By operator"),
  price: () => i18n.t("By price"),
};

type Props = { value: NumberSort | undefined; onChange: (sort: NumberSort | undefined) => void; className: string };

/** Where there are no heads of columns to press. */
export function SortField({ value = "number", onChange, className }: Props) {
  return (
    <select
      aria-label={i18n.t("Sort")}
      value={value}
      onChange={(event) => {
        const sort = event.target.value as NumberSort;
        onChange(sort === "number" ? undefined : sort);
      }}
      className={className}
    >
      {SORTS.map((sort) => (
        <option key={sort} value={sort}>
          {NAMES[sort]()}
        </option>
      ))}
    </select>
  );
}
