import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { Dashboard, Warning } from "../../../api/types";
import { warningText } from "../words";

const linkLook =
  "inline-flex min-h-8 shrink-0 items-center rounded-control px-2 text-sm font-medium text-accent hover:bg-hover touch:min-h-11";

export function Warnings({ data: { warnings, currency } }: { data: Dashboard }) {
  if (warnings.length === 0) {
    return (
      <p className="flex items-center gap-2.5 text-sm text-muted">
        <CircleCheck size={17} className="shrink-0 text-ok" aria-hidden />
        {i18n.t("Nothing needs you right now.")}
      </p>
    );
  }
  return (
    <section
      aria-label={i18n.t("What needs you")}
      className="overflow-hidden rounded-card border border-warn bg-surface"
    >
      <h3 className="px-5 pt-3.5 font-semibold">{i18n.t("What needs you")}</h3>
      <ul className="divide-y divide-line pb-1">
        {warnings.map((warning) => (
          <li
            key={`${warning.kind} ${"id" in warning ? warning.id : ""}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 ps-5 pe-3"
          >
            <CircleAlert size={17} className="shrink-0 text-warn" aria-hidden />
            <p className="tabular min-w-0 grow basis-60 text-sm">{warningText(warning, currency)}</p>
            <Action warning={warning} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Action({ warning }: { warning: Warning }) {
  if (warning.kind === "number_lacks_money" || warning.kind === "wallet_overdrawn") {
    return (
      <Link to="/settings/wallet" search={warning.mode === "live" ? { mode: "live" } : {}} className={linkLook}>
        {i18n.t("Open wallet")}
      </Link>
    );
  }
  if ("id" in warning) {
    return (
      <Link to="/numbers/$numberId" params={{ numberId: warning.id }} className={linkLook}>
        {i18n.t("Open number")}
      </Link>
    );
  }
  return null;
}
