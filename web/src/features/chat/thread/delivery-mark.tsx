import { i18n } from "@lingui/core";
import { Ban, Check, CheckCheck, CircleHelp, Clock, TriangleAlert } from "lucide-react";
import { cx } from "../../../lib/cx";
import type { Delivery } from "./state-of";

const LOOKS = {
  pending: { Icon: Clock, words: () => i18n.t("Waiting to be sent") },
  sent: { Icon: Check, words: () => i18n.t("Sent") },
  delivered: { Icon: CheckCheck, words: () => i18n.t("Delivered") },
  read: { Icon: CheckCheck, words: () => i18n.t("Read") },
  unknown: { Icon: CircleHelp, words: () => i18n.t("May have arrived") },
  cancelled: { Icon: Ban, words: () => i18n.t("Taken back") },
  failed: { Icon: TriangleAlert, words: () => i18n.t("Not sent") },
} as const;

/** Clock, ✓, ✓✓, ✓✓ in the accent colour; in words for those who do not see it. */
export function DeliveryMark({ state, size = 15 }: { state: Delivery; size?: number }) {
  const { Icon, words } = LOOKS[state];
  return (
    <span
      title={words()}
      className={cx(
        "inline-flex shrink-0",
        state === "read" && "text-accent",
        state === "failed" && "text-danger",
        state === "unknown" && "text-warn",
      )}
    >
      <Icon size={size} strokeWidth={state === "read" ? 2.5 : 2} aria-hidden />
      <span className="sr-only">{words()}</span>
    </span>
  );
}
