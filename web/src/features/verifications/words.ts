// How verifications stand, in words.
import { i18n } from "@lingui/core";
import type { Verification, VerificationStatus } from "../../api/types";

const STATUS: Record<VerificationStatus, () => string> = {
  ordering: () => i18n.t("Getting a number…"),
  waiting: () => i18n.t("Waiting"),
  completed: () => i18n.t("Code came"),
  expired: () => i18n.t("No code came"),
  cancelled: () => i18n.t("Cancelled"),
  failed: () => i18n.t("No number available"),
};
export const statusText = (status: VerificationStatus) => STATUS[status]();

const TONES: Record<VerificationStatus, string> = {
  ordering: "text-muted",
  waiting: "text-info",
  completed: "text-ok",
  expired: "text-warn",
  cancelled: "text-muted",
  failed: "text-danger",
};
export const statusTone = (status: VerificationStatus) => TONES[status];

export const isOpen = ({ status }: Verification) => status === "ordering" || status === "waiting";

const MAX_SERVICE = 60;

export const isTooLong = (service: string) => [...service.trim()].length > MAX_SERVICE;
export const tooLongText = () =>
  i18n.t("Use at most {count} characters for the name of a service.", { count: MAX_SERVICE });

const MINUTE = 60_000;

/** 19 minutes left; the last minute in seconds. */
export function leftText(until: string, now: number): string {
  const left = Math.max(0, Date.parse(until) - now);
  if (left > MINUTE)
    return i18n.t("{count, plural, one {# minute left} other {# minutes left}}", { count: Math.ceil(left / MINUTE) });
  return i18n.t("{count, plural, one {# second left} other {# seconds left}}", { count: Math.ceil(left / 1000) });
}

/** 0.4 s · 12 s · 3 min 5 s */
export function tookText(ms: number): string {
  if (ms < 10_000)
    return i18n.t("{seconds} s", {
      seconds: new Intl.NumberFormat(i18n.locale || "en", { maximumFractionDigits: 1 }).format(ms / 1000),
    });
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return i18n.t("{seconds} s", { seconds });
  return i18n.t("{minutes} min {seconds} s", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}
