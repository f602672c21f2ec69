import { i18n } from "@lingui/core";
import { Check, Minus } from "lucide-react";
import { cx } from "../../../lib/cx";
import { CAPABILITIES, type Capability } from "../../../lib/market-search";
import { capabilityName, capabilityText } from "../words";

type Able = Record<Capability, boolean>;

/** Each in a place of its own, so that a column of them can be read down. */
export function CapabilityMarks({ able }: { able: Able }) {
  return (
    <span className="inline-flex gap-1">
      {CAPABILITIES.map((each) => (
        <span
          key={each}
          className={cx(
            "inline-flex h-5 min-w-10 items-center justify-center rounded-control px-1.5 text-2xs font-medium",
            able[each] ? "bg-hover text-ink" : "text-muted",
          )}
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

export function CapabilityList({ able }: { able: Able }) {
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      {CAPABILITIES.map((each) => (
        <li key={each} className={cx("flex items-center gap-2", !able[each] && "text-muted")}>
          {able[each] ? (
            <Check size={15} className="shrink-0 text-ok" aria-hidden />
          ) : (
            <Minus size={15} className="shrink-0" aria-hidden />
          )}
          <span>
            <span className="font-medium">{capabilityName(each)}</span>
            <span className="text-muted">
              {" · "}
              {able[each] ? capabilityText(each) : i18n.t("Not with this number")}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
