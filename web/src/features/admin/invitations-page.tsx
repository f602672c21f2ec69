import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Ticket } from "lucide-react";
import { useState } from "react";
import { listInvitations, revokeInvitation } from "../../api/calls";
import type { Invitation } from "../../api/types";
import { formatExact, formatMoment } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError } from "../../ui/toast";
import { CreateInvitation } from "./create-invitation";

export function InvitationsPage() {
  const client = useQueryClient();
  const invitations = useQuery({ queryKey: ["invitations"], queryFn: listInvitations });
  const [creating, setCreating] = useState(false);
  const settled = () => client.invalidateQueries({ queryKey: ["invitations"] });
  const revoke = useMutation({
    mutationFn: revokeInvitation,
    onSettled: settled,
    onError: (error) => showError(problemText(error)),
  });
  const list = invitations.data?.invitations ?? [];
  const create = (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {i18n.t("Create invitation")}
    </Button>
  );
  return (
    <SectionPage
      title={i18n.t("Invitations")}
      hint={i18n.t("Links with which people can register. A link is shown once, when it is made.")}
      action={list.length > 0 && create}
    >
      <Card flush>
        {invitations.isPending && <SkeletonRows count={3} avatar={false} />}
        {invitations.isError && <Failure text={problemText(invitations.error)} onRetry={() => invitations.refetch()} />}
        {invitations.data && list.length === 0 && (
          <Empty icon={Ticket} text={i18n.t("No invitations are open.")}>
            {create}
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {list.map((invitation) => (
            <Row
              key={invitation.id}
              invitation={invitation}
              onRevoke={() => revoke.mutateAsync(invitation.id).catch(() => undefined)}
            />
          ))}
        </ul>
      </Card>
      {creating && (
        <CreateInvitation
          onClose={() => {
            setCreating(false);
            settled();
          }}
        />
      )}
    </SectionPage>
  );
}

function Row({ invitation, onRevoke }: { invitation: Invitation; onRevoke: () => Promise<unknown> }) {
  const [asking, setAsking] = useState(false);
  const { uses, max_uses, expires_at } = invitation;
  const over =
    uses >= max_uses ? i18n.t("Used up") : Date.parse(expires_at) < Date.now() ? i18n.t("Out of date") : null;
  return (
    <li className="flex items-center gap-4 px-5 py-3.5">
      <div className="min-w-0 grow">
        <p className="tabular font-medium">{i18n.t("{uses} of {max_uses} used", { uses, max_uses })}</p>
        <p className="tabular text-sm text-muted">
          {over ?? (
            <time dateTime={expires_at} title={formatExact(expires_at)}>
              {i18n.t("Good until {moment}", { moment: formatMoment(expires_at) })}
            </time>
          )}
        </p>
      </div>
      {!over && (
        <Button look="danger" onClick={() => setAsking(true)}>
          {i18n.t("Revoke")}
        </Button>
      )}
      {asking && (
        <Confirm
          danger
          title={i18n.t("Revoke this invitation?")}
          text={i18n.t("Nobody can register with its link any more. Accounts made with it stay.")}
          action={i18n.t("Revoke invitation")}
          onClose={() => setAsking(false)}
          onConfirm={onRevoke}
        />
      )}
    </li>
  );
}
