import { i18n } from "@lingui/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import { shareNumber, unshareNumber } from "../../../api/calls";
import type { NumberRole, NumberShares, PhoneNumber, User } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { useMe } from "../../../realtime/session";
import { Avatar } from "../../../ui/avatar";
import { Button, IconButton } from "../../../ui/button";
import { Confirm } from "../../../ui/dialog";
import { Failure } from "../../../ui/failure";
import { Card } from "../../../ui/section-layout";
import { SkeletonRows } from "../../../ui/skeleton";
import { showError } from "../../../ui/toast";
import { useShares } from "../queries";
import { roleText } from "../words";
import { ShareDialog } from "./share-dialog";

const nameOf = (user: User) => user.full_name || user.username;
const ROLES: NumberRole[] = ["answer", "read"];

/** Who sees the texts of a number. The owner decides; others can leave. */
export function SharesCard({ number }: { number: PhoneNumber }) {
  const shares = useShares(number.id);
  const client = useQueryClient();
  const owned = number.my_role === "owner";
  const [adding, setAdding] = useState(false);
  const set = useMutation({
    mutationFn: ({ user, role }: { user: string; role: NumberRole | null }) =>
      role ? shareNumber(number.id, user, role) : unshareNumber(number.id, user),
    onError: (error) => showError(problemText(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["number-shares", number.id] }),
  });
  const list = shares.data?.shares ?? [];
  return (
    <Card flush>
      <div className="flex items-center gap-3 px-5 pt-4 pb-2">
        <div className="grow">
          <h3 className="font-semibold">{i18n.t("Shared with")}</h3>
          <p className="text-sm text-muted">
            {i18n.t("They see all conversations of this number. What they answer is paid by its owner.")}
          </p>
        </div>
        {owned && (
          <Button icon={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {i18n.t("Share")}
          </Button>
        )}
      </div>
      {shares.isPending && <SkeletonRows count={1} />}
      {shares.isError && <Failure text={problemText(shares.error)} onRetry={() => shares.refetch()} />}
      {shares.data && (
        <ul className="divide-y divide-line pb-2">
          <PersonRow user={shares.data.owner}>
            <span className="text-sm text-muted">{i18n.t("Owner")}</span>
          </PersonRow>
          {list.map(({ user, role }) => (
            <PersonRow key={user.id} user={user}>
              {owned ? (
                <>
                  <select
                    aria-label={i18n.t("What {name} may do", { name: nameOf(user) })}
                    value={role}
                    onChange={(event) => set.mutate({ user: user.id, role: event.target.value as NumberRole })}
                    className="h-9 min-w-0 rounded-control border border-control bg-surface px-2 text-sm touch:h-11"
                  >
                    {ROLES.map((each) => (
                      <option key={each} value={each}>
                        {roleText(each)}
                      </option>
                    ))}
                  </select>
                  <IconButton
                    label={i18n.t("Stop sharing with {name}", { name: nameOf(user) })}
                    onClick={() => set.mutate({ user: user.id, role: null })}
                  >
                    <X size={17} aria-hidden />
                  </IconButton>
                </>
              ) : (
                <span className="text-sm text-muted">{roleText(role)}</span>
              )}
            </PersonRow>
          ))}
        </ul>
      )}
      {shares.data && owned && list.length === 0 && (
        <p className="px-5 pb-4 text-sm text-muted">{i18n.t("Nobody else sees it.")}</p>
      )}
      {!owned && <LeaveButton number={number} />}
      {adding && shares.data && (
        <ShareDialog number={number} known={shares.data as NumberShares} onClose={() => setAdding(false)} />
      )}
    </Card>
  );
}

function PersonRow({ user, children }: { user: User; children: React.ReactNode }) {
  return (
    <li className="flex min-h-13 items-center gap-3 px-5 py-1.5">
      <Avatar id={user.id} name={nameOf(user)} url={user.avatar_url} size="sm" />
      <span className="min-w-0 grow">
        <span className="block truncate text-sm font-medium">{nameOf(user)}</span>
        <span className="block truncate text-xs text-muted">@{user.username}</span>
      </span>
      {children}
    </li>
  );
}

function LeaveButton({ number }: { number: PhoneNumber }) {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    try {
      await unshareNumber(number.id, me.id);
      client.invalidateQueries({ queryKey: ["numbers"] });
      navigate({ to: "/numbers" });
    } catch (error) {
      showError(problemText(error));
    }
  };
  return (
    <div className="border-t border-line px-5 py-3">
      <Button look="danger" onClick={() => setAsking(true)}>
        {i18n.t("Leave this number")}
      </Button>
      {asking && (
        <Confirm
          danger
          title={i18n.t("Leave this number?")}
          text={i18n.t("Its conversations disappear from your inbox. Its owner can share it with you again.")}
          action={i18n.t("Leave this number")}
          onConfirm={leave}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
