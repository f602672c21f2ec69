import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { BellMinus, Eye, type LucideIcon, MessageCircleOff, StickyNote } from "lucide-react";
import type { Line, PhoneNumber } from "../../../api/types";
import { formatDate } from "../../../lib/format";
import { paths } from "../../../lib/paths";
import { Button } from "../../../ui/button";
import type { Obstacle } from "./may-text";

type Props = {
  obstacle: Obstacle;
  line: Line;
  number: PhoneNumber | null | undefined;
  /** Colleagues can still write to each other; null while they do, and for who only reads. */
  onNote: (() => void) | null;
};

/** Stands where the composer was: why nothing can be sent, and what to do. */
export function TextBanner({ obstacle, line, number, onNote }: Props) {
  const Icon = ICONS[obstacle] ?? MessageCircleOff;
  const manages = number === null || number?.my_role === "owner";
  const goes = ["released", "unpaid", "no_texts"].includes(obstacle) && manages;
  return (
    <div
      role="status"
      className="mx-3 mb-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-line bg-surface px-4 py-3 text-sm md:mx-6"
    >
      <Icon size={18} aria-hidden className="shrink-0 text-muted" />
      <p className="min-w-0 grow basis-48">{words(obstacle, line, manages)}</p>
      {goes && (
        <Link to={paths.numbers} className="font-semibold text-accent underline underline-offset-2">
          {i18n.t("Go to numbers")}
        </Link>
      )}
      {onNote && (
        <Button icon={<StickyNote size={16} aria-hidden />} onClick={onNote}>
          {i18n.t("Write a note")}
        </Button>
      )}
    </div>
  );
}

const ICONS: Partial<Record<Obstacle, LucideIcon>> = { reader: Eye, opted_out: BellMinus };

function words(obstacle: Obstacle, { opted_out_at }: Line, manages: boolean): string {
  switch (obstacle) {
    case "reader":
      return i18n.t("This number is shared with you to read.");
    case "opted_out":
      return i18n.t("They replied STOP on {day}. You can write again when they send START.", {
        day: formatDate(opted_out_at ?? ""),
      });
    case "name":
      return i18n.t("A name cannot be answered.");
    case "released":
      return i18n.t("Your side of this conversation is a number that you do not have any more. Text from another one.");
    case "unpaid":
      return manages
        ? i18n.t("Your number is not paid for: it receives, and does not send. Renew it, then write again.")
        : i18n.t("This number is not paid for: it receives, and does not send. Ask its owner to renew it.");
    case "no_texts":
      return i18n.t("This number cannot send texts. Use another one.");
  }
}
