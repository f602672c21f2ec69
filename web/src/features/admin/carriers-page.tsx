import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { EllipsisVertical, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteCarrier, listCarriers } from "../../api/calls";
import type { AdminCarrier } from "../../api/types";
import { cx } from "../../lib/cx";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { MenuButton } from "../../ui/menu";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError } from "../../ui/toast";
import { CarrierForm } from "./carrier-form";

/** How a link is, changes without anybody's doing; the page looks as long as it is open. */
const LOOK_EVERY = 3_000;

export function CarriersPage() {
  const carriers = useQuery({ queryKey: ["carriers"], queryFn: listCarriers, refetchInterval: LOOK_EVERY });
  const [adding, setAdding] = useState(false);
  return (
    <SectionPage
      title={i18n.t("Carriers")}
      hint={i18n.t(
        "Who takes texts to phones and brings theirs. Numbers that a carrier gave you are entered under Users, beside who gets them.",
      )}
      action={
        <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {i18n.t("Add carrier")}
        </Button>
      }
    >
      <Card flush>
        {carriers.isPending && <SkeletonRows count={2} avatar={false} />}
        {carriers.isError && !carriers.data && (
          <Failure text={problemText(carriers.error)} onRetry={() => carriers.refetch()} />
        )}
        <ul className="divide-y divide-line">
          {carriers.data?.carriers.map((carrier) => (
            <Row key={carrier.name} carrier={carrier} />
          ))}
        </ul>
      </Card>
      {adding && <CarrierForm onClose={() => setAdding(false)} />}
    </SectionPage>
  );
}

/** In words, and why if it is not good. */
function state({ enabled, link }: AdminCarrier): { text: string; look: string } {
  if (!enabled) return { text: i18n.t("Switched off"), look: "bg-control" };
  if (link.is_up) return { text: i18n.t("Connected"), look: "bg-ok" };
  return { text: i18n.t("Not connected"), look: "bg-danger" };
}

function figures({ numbers, queued, unknown }: AdminCarrier): string {
  return [
    i18n.t("{count, plural, one {# number} other {# numbers}}", { count: numbers }),
    queued > 0 && i18n.t("{count, plural, one {# text waits} other {# texts wait}}", { count: queued }),
    unknown > 0 && i18n.t("{count, plural, one {# without news} other {# without news}}", { count: unknown }),
  ]
    .filter(Boolean)
    .join(" · ");
}

type Asking = "change" | "delete" | null;

function Row({ carrier }: { carrier: AdminCarrier }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const { name, settings, link, from_file, world } = carrier;
  const { text, look } = state(carrier);
  const remove = useMutation({
    mutationFn: () => deleteCarrier(name),
    onSuccess: () => client.invalidateQueries({ queryKey: ["carriers"] }),
    onError: (error) => showError(problemText(error)),
  });
  const close = () => setAsking(null);
  return (
    <li className="flex items-start gap-4 px-5 py-3.5">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          <span className="break-all">{settings ? name : i18n.t("Simulated carrier")}</span>
          <span className="rounded-full border border-line px-2 text-xs font-normal text-muted">
            {world === "live" ? i18n.t("Real") : i18n.t("Simulated")}
          </span>
        </p>
        {settings && (
          <p className="text-sm break-all text-muted">
            {settings.smpp.system_id}@{settings.smpp.host}:{settings.smpp.port}
          </p>
        )}
        <p className="mt-1 flex items-center gap-2 text-sm">
          <span aria-hidden className={cx("size-2 shrink-0 rounded-full", look)} />
          {text}
        </p>
        {carrier.enabled && !link.is_up && link.detail && (
          <p className="text-sm break-words text-muted">{link.detail}</p>
        )}
        <p className="tabular text-sm text-muted">{figures(carrier)}</p>
        {from_file && <p className="text-sm text-muted">{i18n.t("It stands in the server's settings file.")}</p>}
      </div>
      {settings && (
        <MenuButton
          label={i18n.t("Actions for {name}", { name })}
          icon={EllipsisVertical}
          items={[
            { label: i18n.t("Change"), icon: Pencil, disabled: from_file, run: () => setAsking("change") },
            {
              label: i18n.t("Take away"),
              icon: Trash2,
              danger: true,
              disabled: from_file,
              run: () => setAsking("delete"),
            },
          ]}
        />
      )}
      {asking === "change" && <CarrierForm carrier={carrier} onClose={close} />}
      {asking === "delete" && (
        <Confirm
          title={i18n.t("Take {name} away?", { name })}
          text={i18n.t("Its password is forgotten. What waits for it leaves by the carriers of its numbers.")}
          action={i18n.t("Take away")}
          danger
          onConfirm={() => remove.mutate()}
          onClose={close}
        />
      )}
    </li>
  );
}
