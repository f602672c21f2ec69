import { i18n } from "@lingui/core";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import type { TextPrice } from "../../../api/types";
import { formatMoney } from "../../../lib/money";
import { MAX_SEGMENTS, type Offender, offenders, plainer, type Split } from "../../../lib/segments";
import { announce } from "../../../ui/live-region";

type Props = { id: string; body: string; split: Split; price: TextPrice | null; onChange: (body: string) => void };

/** What a text takes and costs: "2 segments · Unicode · $0.0158". Heard only when the number of segments changes. */
export function TextMeter({ id, body, split, price, onChange }: Props) {
  const count = split.segments.length;
  const written = body.trim() !== "";
  const tooLong = count > MAX_SEGMENTS;
  const text = written ? sizeText(split, price) : price ? perSegment(price) : "";
  const before = useRef(written ? count : 0);
  useEffect(() => {
    const now = written ? count : 0;
    if (now !== before.current && now > 0 && before.current > 0) announce(text);
    before.current = now;
  }, [count, written, text]);
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 px-3 pt-1 text-xs">
      <p id={id} className={tooLong ? "tabular text-danger" : "tabular text-muted"}>
        {tooLong ? i18n.t("{count} segments; {most} is the most. Shorten it.", { count, most: MAX_SEGMENTS }) : text}
      </p>
      {written && split.encoding === "ucs2" && <Offenders body={body} onChange={onChange} />}
    </div>
  );
}

const perSegment = ({ segment_micros, currency }: TextPrice) =>
  i18n.t("{price} per segment", { price: formatMoney(segment_micros, currency) });

function sizeText({ encoding, segments }: Split, price: TextPrice | null): string {
  const count = segments.length;
  return [
    i18n.t("{count, plural, one {# segment} other {# segments}}", { count }),
    encoding === "ucs2" ? i18n.t("Unicode") : i18n.t("GSM-7"),
    ...(price ? [formatMoney(price.segment_micros * count, price.currency)] : []),
  ].join(" · ");
}

const INVISIBLE = /^[\p{Z}\p{C}\p{M}]$/u;

/** A character that cannot be seen is named by its number. */
const nameOf = (character: string) =>
  INVISIBLE.test(character) ? `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}` : character;

function Offenders({ body, onChange }: Pick<Props, "body" | "onChange">) {
  const found = offenders(body);
  const replaceable = found.filter(({ replacement }) => replacement !== null);
  const first = replaceable[0] ?? found[0];
  if (!first) return null;
  const rest = found.length - 1;
  return (
    <p className="min-w-0 text-warn">
      <TriangleAlert size={14} aria-hidden className="me-1.5 -mt-0.5 inline" />
      {i18n.t(
        "{rest, plural, =0 {“{name}” makes it Unicode: 70 characters per segment, not 160.} other {“{name}” and # more make it Unicode: 70 characters per segment, not 160.}}",
        { name: nameOf(first.character), rest },
      )}{" "}
      {replaceable.length > 0 && (
        <button
          type="button"
          className="min-h-6 rounded-control font-semibold text-accent hover:bg-hover touch:-my-3 touch:min-h-11"
          onClick={() => onChange(replaceable.reduce(plainer, body))}
        >
          {replaceLabel(replaceable)}
        </button>
      )}
    </p>
  );
}

function replaceLabel(all: Offender[]): string {
  const { replacement } = all[0] as Offender;
  if (all.length > 1) return i18n.t("Replace {count} characters", { count: all.length });
  if (replacement === "") return i18n.t("Remove it");
  if (!replacement?.trim()) return i18n.t("Replace with a space");
  return i18n.t("Replace with {replacement}", { replacement });
}
