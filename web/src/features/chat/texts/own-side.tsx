import { i18n } from "@lingui/core";
import type { Line } from "../../../api/types";
import { formatParty } from "../../../lib/phone";
import { useOwnNumber } from "./queries";

/** Says that what is written here leaves for the phone network. The title beside it says to whom. */
export function SmsChip() {
  return (
    <span className="shrink-0 rounded-full bg-sms-out px-2 text-2xs leading-4.5 font-semibold tracking-wide">
      {i18n.t("SMS")}
      <span className="sr-only"> · </span>
    </span>
  );
}

/** From which number of one's own; its name first, because that is what people know it by. */
export function OwnSide({ line }: { line: Line }) {
  const label = useOwnNumber(line)?.label;
  const number = formatParty(line.number);
  return <>{i18n.t("from {number}", { number: label ? `${label} · ${number}` : number })}</>;
}
