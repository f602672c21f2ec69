import { i18n } from "@lingui/core";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { EllipsisVertical, Hash, RotateCcw, ShieldCheck, ShieldMinus, UserX, WalletCards } from "lucide-react";
import { useState } from "react";
import { restoreUser, setRole, suspendUser } from "../../api/calls";
import type { AdminUser, AdminUserPage } from "../../api/types";
import { formatDay, formatExact } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { useMe } from "../../realtime/session";
import { Avatar } from "../../ui/avatar";
import { Confirm } from "../../ui/dialog";
import { MenuButton } from "../../ui/menu";
import { showError } from "../../ui/toast";
import { EnterNumber } from "./enter-number";
import { WalletsDialog } from "./wallets-dialog";

type Asking = "suspend" | "demote" | "wallets" | "number" | null;

function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (work: () => Promise<AdminUser>) => work(),
    onSuccess: (changed) => {
      client.setQueriesData<InfiniteData<AdminUserPage>>(
        { queryKey: ["accounts"] },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              users: page.users.map((user) => (user.id === changed.id ? changed : user)),
            })),
          },
      );
    },
    onError: (error) => showError(problemText(error)),
  });
}

export function AccountRow({ user }: { user: AdminUser }) {
  const me = useMe();
  const change = useChange();
  const [asking, setAsking] = useState<Asking>(null);
  const name = user.full_name || user.username;
  const suspended = user.suspended_at !== null;
  const cell = "px-4 py-2.5 max-md:px-0 max-md:py-0";
  return (
    <tr className="max-md:relative max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:px-4 max-md:py-3 max-md:pe-14">
      <td className={`${cell} max-md:w-full`}>
        <span className="flex items-center gap-3">
          <Avatar id={user.id} name={name} url={user.avatar_url} />
          <span className="min-w-0">
            <span className="block font-medium wrap-anywhere">
              {user.id === me.id ? i18n.t("{name} (you)", { name }) : name}
            </span>
            <span className="block text-muted wrap-anywhere">@{user.username}</span>
          </span>
        </span>
      </td>
      <td className={`${cell} max-w-0 text-muted max-md:w-full max-md:max-w-none max-md:ps-12 md:w-1/3`}>
        <span title={user.email} className="block truncate">
          {user.email}
        </span>
        {!user.email_verified && <span className="block text-xs text-warn">{i18n.t("Not confirmed")}</span>}
      </td>
      <td className={`${cell} max-md:ps-12`}>{user.role === "admin" ? i18n.t("Administrator") : i18n.t("User")}</td>
      <td className={`${cell} tabular whitespace-nowrap text-muted max-md:hidden`}>
        <time dateTime={user.created_at} title={formatExact(user.created_at)}>
          {formatDay(user.created_at)}
        </time>
      </td>
      <td className={cell}>
        {suspended ? (
          <span className="font-medium text-danger">{i18n.t("Suspended")}</span>
        ) : (
          <span className="text-muted">{i18n.t("Active")}</span>
        )}
      </td>
      <td className="py-2.5 pe-2 text-end max-md:absolute max-md:end-1 max-md:top-1">
        <MenuButton
          label={i18n.t("Actions for {name}", { name })}
          icon={EllipsisVertical}
          items={[
            user.role === "admin"
              ? { label: i18n.t("Make ordinary user"), icon: ShieldMinus, run: () => setAsking("demote") }
              : {
                  label: i18n.t("Make administrator"),
                  icon: ShieldCheck,
                  run: () => change.mutate(() => setRole(user.id, "admin")),
                },
            { label: i18n.t("Wallets"), icon: WalletCards, run: () => setAsking("wallets") },
            { label: i18n.t("Enter a number"), icon: Hash, run: () => setAsking("number") },
            suspended
              ? { label: i18n.t("Restore"), icon: RotateCcw, run: () => change.mutate(() => restoreUser(user.id)) }
              : { label: i18n.t("Suspend"), icon: UserX, danger: true, run: () => setAsking("suspend") },
          ]}
        />
        {asking === "suspend" && (
          <Confirm
            danger
            title={i18n.t("Suspend {name}?", { name })}
            text={i18n.t("They are signed out at once and cannot sign in until you restore them.")}
            action={i18n.t("Suspend user")}
            onClose={() => setAsking(null)}
            onConfirm={() => change.mutateAsync(() => suspendUser(user.id)).catch(() => undefined)}
          />
        )}
        {asking === "number" && <EnterNumber user={user} name={name} onClose={() => setAsking(null)} />}
        {asking === "wallets" && <WalletsDialog user={user} name={name} onClose={() => setAsking(null)} />}
        {asking === "demote" && (
          <Confirm
            title={i18n.t("Take administration from {name}?", { name })}
            text={i18n.t("They keep their account and conversations.")}
            action={i18n.t("Make ordinary user")}
            onClose={() => setAsking(null)}
            onConfirm={() => change.mutateAsync(() => setRole(user.id, "user")).catch(() => undefined)}
          />
        )}
      </td>
    </tr>
  );
}
