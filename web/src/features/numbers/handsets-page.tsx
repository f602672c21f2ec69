import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Smartphone } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Handset } from "../../api/types";
import { formatPhone } from "../../lib/phone";
import { problemText } from "../../lib/problem-text";
import { useNarrow } from "../../lib/use-media";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { SkeletonRows } from "../../ui/skeleton";
import { HandsetForm } from "./components/handset-form";
import { Phone } from "./components/phone";
import { useHandsets } from "./handset-queries";

export function HandsetsPage() {
  const search = useSearch({ from: "/shell/numbers/handsets" });
  const navigate = useNavigate({ from: "/numbers/handsets" });
  const handsets = useHandsets();
  const narrow = useNarrow();
  const list = handsets.data ?? [];
  const chosen = list.find(({ id }) => id === search.phone) ?? list[0];
  const show = (phone: string) => navigate({ search: { phone }, replace: true });
  const open = () => navigate({ search: { ...search, new: true } });
  const close = () => navigate({ search: search.phone ? { phone: search.phone } : {}, replace: true });
  return (
    <main className="flex h-full min-w-0 flex-col">
      <div className="flex shrink-0 items-center gap-3 px-4 pt-4 pb-3 md:items-start md:px-8 md:pt-8 md:pb-4">
        <div className="min-w-0 grow">
          <h2 className="text-xl font-semibold tracking-tight max-md:sr-only">{i18n.t("Handsets")}</h2>
          <p className="mt-1 max-w-prose text-sm text-muted max-md:hidden">
            {i18n.t("Simulated phones. What you text here arrives at your numbers, and the answers come back.")}
          </p>
          {narrow && list.length > 0 && <Chooser handsets={list} value={chosen?.id ?? ""} onChoose={show} />}
        </div>
        {list.length > 0 &&
          (narrow ? (
            <IconButton label={i18n.t("New handset")} onClick={open}>
              <Plus size={18} aria-hidden />
            </IconButton>
          ) : (
            <Button look="primary" className="shrink-0" icon={<Plus size={16} aria-hidden />} onClick={open}>
              {i18n.t("New handset")}
            </Button>
          ))}
      </div>
      {handsets.isPending && <SkeletonRows count={5} avatar={false} />}
      {handsets.isError && <Failure text={problemText(handsets.error)} onRetry={() => handsets.refetch()} />}
      {handsets.data && list.length === 0 && (
        <Empty icon={Smartphone} text={i18n.t("A handset is a phone on this screen that texts your numbers.")}>
          <Button look="primary" onClick={open}>
            {i18n.t("New handset")}
          </Button>
        </Empty>
      )}
      {narrow ? (
        chosen && (
          <div className="min-h-96 grow basis-0 px-4 pb-4">
            <Phone key={chosen.id} handset={chosen} />
          </div>
        )
      ) : (
        <Row handsets={list} shown={search.phone} />
      )}
      {search.new && (
        <Dialog
          title={i18n.t("New handset")}
          description={i18n.t("Its number is given to it. No phone anywhere has that number.")}
          onClose={close}
        >
          <HandsetForm onMade={({ id }) => show(id)} />
        </Dialog>
      )}
    </main>
  );
}

/** Side by side; the one that the address names is scrolled to. */
function Row({ handsets, shown }: { handsets: Handset[]; shown: string | undefined }) {
  const list = useRef<HTMLUListElement>(null);
  const count = handsets.length;
  useEffect(() => {
    if (shown && count > 0)
      list.current?.querySelector(`[data-phone="${shown}"]`)?.scrollIntoView({ inline: "nearest" });
  }, [shown, count]);
  if (count === 0) return null;
  return (
    <ul
      ref={list}
      aria-label={i18n.t("Handsets")}
      className="relative flex min-h-0 grow gap-5 overflow-x-auto overscroll-x-contain px-8 pt-1 pb-8"
    >
      {handsets.map((handset) => (
        <li key={handset.id} data-phone={handset.id} className="h-full max-h-170 min-h-96 w-80 shrink-0">
          <Phone handset={handset} />
        </li>
      ))}
    </ul>
  );
}

type ChooserProps = { handsets: Handset[]; value: string; onChoose: (id: string) => void };

function Chooser({ handsets, value, onChoose }: ChooserProps) {
  return (
    <select
      aria-label={i18n.t("Handset")}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
      className="h-11 w-full rounded-control border border-control bg-surface px-3 text-base font-medium"
    >
      {handsets.map(({ id, label, number }) => (
        <option key={id} value={id}>
          {label} · {formatPhone(number)}
        </option>
      ))}
    </select>
  );
}
