import { i18n } from "@lingui/core";
import type { ReactNode } from "react";
import { cx } from "../../../lib/cx";

const TONES = {
  plain: "border-line text-muted",
  warn: "border-warn text-warn",
  danger: "border-danger text-danger",
} as const;

/** A word about something, beside its name. */
export function Mark({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex shrink-0 items-center rounded-full border bg-surface px-1.5 text-2xs font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** Nobody may take it for a phone that rings somewhere. */
export const Simulated = () => <Mark>{i18n.t("Simulated")}</Mark>;
