import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { Plane, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import type { Handset, PhoneNumber } from "../../../api/types";
import { formatPhone } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { Failure } from "../../../ui/failure";
import { PopoverButton } from "../../../ui/popover";
import { SkeletonRows } from "../../../ui/skeleton";
import { Switch } from "../../../ui/switch";
import { useChangeHandset, useHandsetMessages } from "../handset-queries";
import { peersOf } from "../peers";
import { useNumbers } from "../queries";
import { Simulated } from "./mark";
import { PhoneMessages } from "./phone-messages";
import { PhoneReply } from "./phone-reply";
import { PhoneSettings } from "./phone-settings";

/** One phone: who it is, whom it texts with, and a field to answer. `first` is whom it shows until another is chosen. */
export function Phone({ handset, first = null }: { handset: Handset; first?: string | null }) {
  const messages = useHandsetMessages(handset.id);
  const numbers = useNumbers().data ?? [];
  const change = useChangeHandset(handset);
  const [chosen, setChosen] = useState(first);
  const all = messages.data?.pages.flatMap((page) => page.messages) ?? [];
  const peers = peersOf(all, numbers);
  const peer = chosen && peers.includes(chosen) ? chosen : peers[0];
  const shown = all.filter((message) => message.peer === peer).toReversed();
  const newest = all[0];
  const elsewhere = newest && !newest.sent && newest.peer !== peer ? newest.peer : null;
  return (
    <article
      aria-label={i18n.t("Handset {name}", { name: handset.label })}
      className="flex h-full flex-col overflow-hidden rounded-bubble border border-line bg-surface shadow-hairline"
    >
      <header className="shrink-0 border-b border-line px-4 pt-3 pb-1">
        <div className="flex items-start gap-1">
          <div className="min-w-0 grow">
            <h3 className="flex items-center gap-2">
              <span className="truncate font-semibold">{handset.label}</span>
              <Simulated />
            </h3>
            <p className="tabular text-sm text-muted">{formatPhone(handset.number)}</p>
          </div>
          <PopoverButton
            size="sm"
            icon={SlidersHorizontal}
            label={i18n.t("Settings of {name}", { name: handset.label })}
          >
            {(close) => <PhoneSettings handset={handset} onClose={close} />}
          </PopoverButton>
        </div>
        <Switch
          label={i18n.t("Airplane mode")}
          checked={handset.airplane}
          onChange={(airplane) => change.mutate({ airplane })}
        />
      </header>
      {peers.length > 0 && <PeerField peers={peers} numbers={numbers} value={peer ?? ""} onChange={setChosen} />}
      {handset.airplane && (
        <p className="flex shrink-0 items-center gap-1.5 border-b border-line bg-canvas px-4 py-1.5 text-xs text-warn">
          <Plane size={14} aria-hidden className="shrink-0" />
          {i18n.t("Receives again when this is switched off, within a day.")}
        </p>
      )}
      {messages.isPending && <SkeletonRows count={3} avatar={false} />}
      {messages.isError && <Failure text={problemText(messages.error)} onRetry={() => messages.refetch()} />}
      {messages.data && (
        <PhoneMessages
          messages={shown}
          more={messages.hasNextPage}
          busy={messages.isFetchingNextPage}
          onMore={() => messages.fetchNextPage()}
        >
          {peers.length === 0 && (
            <>
              {i18n.t("You have no number that it could text.")}{" "}
              <Link to="/numbers/market" className="font-medium text-accent underline underline-offset-2">
                {i18n.t("Buy a number")}
              </Link>
            </>
          )}
        </PhoneMessages>
      )}
      {elsewhere && (
        <button
          type="button"
          onClick={() => setChosen(elsewhere)}
          className="tabular mx-3 mb-2 min-h-8 rounded-full border border-accent px-3 text-xs font-medium text-accent hover:bg-hover touch:min-h-11"
        >
          {i18n.t("New text from {peer}", { peer: formatPhone(elsewhere) })}
        </button>
      )}
      <PhoneReply handset={handset} peer={peer} />
    </article>
  );
}

type PeerProps = { peers: string[]; numbers: PhoneNumber[]; value: string; onChange: (peer: string) => void };

function PeerField({ peers, numbers, value, onChange }: PeerProps) {
  const name = (peer: string) => {
    const own = numbers.find(({ number }) => number === peer);
    const shown = formatPhone(peer, own?.area_code);
    return own?.label ? `${shown} · ${own.label}` : shown;
  };
  return (
    <label className="flex shrink-0 items-center gap-2 border-b border-line ps-4 pe-2 text-sm">
      <span className="text-muted">{i18n.t("With")}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="tabular h-9 min-w-0 grow rounded-control bg-transparent font-medium -outline-offset-2 touch:h-11"
      >
        {peers.map((peer) => (
          <option key={peer} value={peer} className="bg-raised text-ink">
            {name(peer)}
          </option>
        ))}
      </select>
    </label>
  );
}
