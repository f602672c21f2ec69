import { i18n } from "@lingui/core";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import type { Conversation } from "../../../api/types";
import { formatMoment } from "../../../lib/format";
import { formatMoney } from "../../../lib/money";
import { formatParty, isName } from "../../../lib/phone";
import { IconButton } from "../../../ui/button";
import { copyText } from "../../../ui/copy-button";
import { obstacleOf } from "./may-text";
import { useOwnNumber, useTextPrice } from "./queries";

const SIMULATOR = "simulator";

/** Both sides of a conversation with a phone, what carries it, and what it costs. */
export function LineFacts({ conversation }: { conversation: Conversation }) {
  const { line, id } = conversation;
  const number = useOwnNumber(line);
  const price = useTextPrice(id, line !== null && obstacleOf(conversation, number) === null);
  if (!line) return null;
  const simulated = number?.carrier === SIMULATOR;
  return (
    <section className="border-t border-line px-5 py-3" aria-label={i18n.t("Phone network")}>
      <dl className="flex flex-col gap-2 text-sm">
        <Fact name={i18n.t("Their number")} copies={isName(line.party) ? null : line.party.replace(/^short:..:/, "")}>
          {formatParty(line.party)}
        </Fact>
        <Fact
          name={number?.label ? i18n.t("Your number, {label}", { label: number.label }) : i18n.t("Your number")}
          copies={line.number}
        >
          {formatParty(line.number)}
        </Fact>
        {number && (
          <Fact name={i18n.t("Carrier")}>
            {simulated ? i18n.t("Simulated: no real phone is involved") : number.carrier}
          </Fact>
        )}
        {price && (
          <Fact name={i18n.t("Price")}>
            {i18n.t("{price} per segment", { price: formatMoney(price.segment_micros, price.currency) })}
          </Fact>
        )}
        <Fact name={i18n.t("Consent")}>
          {line.opted_out_at
            ? i18n.t("They replied STOP: {moment}", { moment: formatMoment(line.opted_out_at) })
            : i18n.t("They have not replied STOP")}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, copies, children }: { name: string; copies?: string | null; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="tabular flex min-h-7 items-center gap-2">
        <span className="min-w-0 grow break-words">{children}</span>
        {copies && (
          <IconButton size="sm" label={i18n.t("Copy {text}", { text: copies })} onClick={() => copyText(copies)}>
            <Copy size={15} aria-hidden />
          </IconButton>
        )}
      </dd>
    </div>
  );
}
