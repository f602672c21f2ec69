import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import type { Verification } from "../../../api/types";
import type { CodesSearch } from "../../../lib/codes-search";
import { cx } from "../../../lib/cx";
import { formatExact, formatMoment } from "../../../lib/format";
import { formatPhone } from "../../../lib/phone";
import { IconButton } from "../../../ui/button";
import { copyText } from "../../../ui/copy-button";
import { statusText, statusTone, tookText } from "../words";
import { Mark } from "./mark";

type Props = { rows: Verification[]; search: CodesSearch };

/** A line for each; a card where it is narrow. */
export function HistoryTable({ rows, search }: Props) {
  const names = [i18n.t("Service"), i18n.t("Number"), i18n.t("Code"), i18n.t("Status"), i18n.t("Begun")];
  return (
    <div className="@container">
      <table className="w-full text-start text-sm @max-[46rem]:block">
        <caption className="sr-only">{i18n.t("Verifications")}</caption>
        <thead className="border-b border-line text-xs text-muted @max-[46rem]:sr-only">
          <tr>
            {names.map((name) => (
              <th key={name} scope="col" className="px-4 py-2.5 text-start font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line @max-[46rem]:block">
          {rows.map((row) => (
            <Row key={row.id} row={row} search={search} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cell = "px-4 py-2.5 align-middle @max-[46rem]:block @max-[46rem]:p-0";

function Row({ row, search }: { row: Verification; search: CodesSearch }) {
  const { id, service_name, number, temporary, code, status, took_ms, created_at } = row;
  return (
    <tr className="relative hover:bg-hover @max-[46rem]:grid @max-[46rem]:grid-cols-[minmax(0,1fr)_auto] @max-[46rem]:gap-x-4 @max-[46rem]:gap-y-1 @max-[46rem]:px-4 @max-[46rem]:py-3">
      <td className={cell}>
        <Link
          to="/verifications"
          search={{ ...search, open: id }}
          replace
          className="font-semibold wrap-anywhere outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-info"
        >
          {service_name}
        </Link>
      </td>
      <td className={cx(cell, "tabular whitespace-nowrap @max-[46rem]:col-start-1")}>
        <span className="flex flex-wrap items-center gap-x-2">
          {number ? formatPhone(number) : <span className="text-muted">–</span>}
          {temporary && <Mark>{i18n.t("Temporary")}</Mark>}
        </span>
      </td>
      <td
        className={cx(
          cell,
          "@max-[46rem]:col-start-2 @max-[46rem]:row-span-2 @max-[46rem]:row-start-1 @max-[46rem]:self-center",
        )}
      >
        {code ? (
          <span className="relative z-10 inline-flex items-center gap-1 font-mono text-base font-medium">
            {code}
            <IconButton size="sm" label={i18n.t("Copy {code}", { code })} onClick={() => copyText(code)}>
              <Copy size={15} aria-hidden />
            </IconButton>
          </span>
        ) : (
          <span className="text-muted @max-[46rem]:hidden">–</span>
        )}
      </td>
      <td className={cx(cell, "@max-[46rem]:col-start-1")}>
        <span className={cx("font-medium", statusTone(status))}>{statusText(status)}</span>
        {took_ms !== null && (
          <span className="tabular block text-xs text-muted @max-[46rem]:ms-2 @max-[46rem]:inline">
            {i18n.t("after {time}", { time: tookText(took_ms) })}
          </span>
        )}
      </td>
      <td
        className={cx(
          cell,
          "text-muted @max-[46rem]:col-start-2 @max-[46rem]:text-end @max-[46rem]:text-xs @max-[46rem]:self-center",
        )}
      >
        <time dateTime={created_at} title={formatExact(created_at)}>
          {formatMoment(created_at)}
        </time>
      </td>
    </tr>
  );
}
