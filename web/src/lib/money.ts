// Amounts are whole millionths of a currency: never a fraction on the way, however small a price is.
import { i18n } from "@lingui/core";

const UNIT = 1_000_000;

/** $12.50 · $0.0075 · +$5.00: at least two digits after the point, and as many more as it takes. */
export function formatMoney(micros: number, currency: string, { signed = false } = {}): string {
  return new Intl.NumberFormat(i18n.locale || "en", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
    signDisplay: signed ? "exceptZero" : "auto",
  }).format(micros / UNIT);
}

/** 1.5: to be changed in a field, without a currency. */
export function formatMicros(micros: number): string {
  return String(micros / UNIT);
}

/** What somebody typed, "12", "12.50" or "12,50", in millionths; null for anything else. */
export function parseMoney(text: string): number | null {
  const match = /^(\d{1,9})(?:[.,](\d{1,6}))?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * UNIT + Number((match[2] ?? "").padEnd(6, "0"));
}
