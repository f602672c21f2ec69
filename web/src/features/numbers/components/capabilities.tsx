import { i18n } from "@lingui/core";
import { Check, Minus } from "lucide-react";
import { cx } from "../../../lib/cx";
import { CAPABILITIES, type Capability } from "../../../lib/market-search";
import { capabilityName, notYetText } from "../words";

type Able = Record<Capability, boolean>;

/** Each in a place of its own, so that a column of them can be read down; only what works in Convo stands out. */
export function CapabilityMarks({ able }: { able: Able }) {
  return (
    <span className="inline-flex gap-1">
      {CAPABILITIES.map((each) => (
        <span
          key={each}
          className={cx(
            "inline-flex h-5 min-w-10 items-center justify-center rounded-control px-1.5 text-2xs font-medium",
            able[each] && each === "sms" ? "bg-hover text-ink" : "text-muted",
          )}
          title={able[each] && each !== "sms" ? i18n.t("Not in Convo yet") : undefined}
        >
          {able[each] ? (
            capabilityName(each)
          ) : (
            <>
              <span aria-hidden>–</span>
              <span className="sr-only">{i18n.t("no {capability}", { capability: capabilityName(each) })}</span>
            </>
          )}
        </span>
      ))}
    </span>
  );
}

/** What works, and what the number could if Convo did. */
export function CapabilityList({ able }: { able: Able }) {
  const notYet = notYetText(able);
  const Icon = able.sms ? Check : Minus;
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      <li className={cx("flex items-center gap-2", !able.sms && "text-muted")}>
        <Icon size={15} className={cx("shrink-0", able.sms && "text-ok")} aria-hidden />
        <span>
          <span className="font-medium">{capabilityName("sms")}</span>
          <span className="text-muted">
            {" · "}
            {able.sms ? i18n.t("Sends and receives texts") : i18n.t("Not with this number")}
          </span>
        </span>
      </li>
      {notYet && (
        <li className="flex items-center gap-2 text-muted">
          <Minus size={15} className="shrink-0" aria-hidden />
          {notYet}
        </li>
      )}
    </ul>
  );
}
