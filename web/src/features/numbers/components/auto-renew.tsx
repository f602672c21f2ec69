import { i18n } from "@lingui/core";
import type { PhoneNumber } from "../../../api/types";
import { formatPhone } from "../../../lib/phone";
import { Switch } from "../../../ui/switch";
import { useChangeNumber } from "../queries";

type Props = { number: PhoneNumber; hint?: string };

/** In a table it is named by its number, elsewhere by what it does. */
export function AutoRenew({ number, hint }: Props) {
  const change = useChangeNumber(number);
  const named = i18n.t("Renew {number} automatically", { number: formatPhone(number.number, number.area_code) });
  return (
    <Switch
      label={hint ? i18n.t("Renew automatically") : named}
      hint={hint}
      hideLabel={!hint}
      checked={number.auto_renew && !number.cancelled_at}
      disabled={number.state !== "owned" || number.cancelled_at !== null}
      onChange={(auto_renew) => change.mutate({ auto_renew })}
    />
  );
}
