import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { Crown, EllipsisVertical, MessageCircle, ShieldCheck, ShieldMinus, UserMinus } from "lucide-react";
import { useState } from "react";
import { removeMember, setMemberRole } from "../../../api/calls";
import type { Conversation, Member, User } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { applyConversation } from "../../../realtime/apply-answer";
import { getChat } from "../../../realtime/chat-store";
import { take } from "../../../realtime/take";
import { Avatar } from "../../../ui/avatar";
import { Confirm } from "../../../ui/dialog";
import { MenuButton, type MenuItem } from "../../../ui/menu";
import { showError } from "../../../ui/toast";
import { openDirect } from "../actions";
import { managesGroup, userName } from "../conversations";

type Props = { conversation: Conversation; member: Member; user: User | undefined };

const ROLES = {
  owner: () => i18n.t("Owner"),
  admin: () => i18n.t("Admin"),
  member: () => "",
  reader: () => i18n.t("Reads only"),
};

export function MemberRow({ conversation, member, user }: Props) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"remove" | "transfer" | null>(null);
  const { id, my_role } = conversation;
  const { user_id } = member;
  const name = userName(user);
  const role = conversation.line && member.role === "member" ? i18n.t("Answers") : ROLES[member.role]();
  const self = user_id === getChat().me;
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      showError(problemText(error));
    }
  };
  const setRole = (role: Member["role"]) =>
    attempt(async () => {
      const view = await setMemberRole(id, user_id, role);
      take(applyConversation(getChat(), view));
    });
  const write = async () => {
    const direct = await openDirect(user_id);
    if (direct) navigate({ to: "/c/$conversationId", params: { conversationId: direct } });
  };
  const manager = managesGroup(conversation);
  const admin = manager && member.role !== "owner";
  const items: MenuItem[] = [
    { label: i18n.t("Write to {name}", { name }), icon: MessageCircle, run: write },
    ...(admin && member.role === "member"
      ? [{ label: i18n.t("Make admin"), icon: ShieldCheck, run: () => setRole("admin") }]
      : []),
    ...(admin && member.role === "admin"
      ? [{ label: i18n.t("Make ordinary member"), icon: ShieldMinus, run: () => setRole("member") }]
      : []),
    ...(manager && my_role === "owner"
      ? [{ label: i18n.t("Make owner"), icon: Crown, run: () => setAsking("transfer") }]
      : []),
    ...(admin
      ? [{ label: i18n.t("Remove from group"), icon: UserMinus, danger: true, run: () => setAsking("remove") }]
      : []),
  ];
  return (
    <li className="flex min-h-12 items-center gap-3 rounded-control ps-2">
      <Avatar id={user_id} name={name} url={user?.avatar_url} />
      <span className="min-w-0 grow">
        <span className="block truncate font-medium">{self ? i18n.t("{name} (you)", { name }) : name}</span>
        <span className="block truncate text-xs text-muted">@{user?.username ?? "…"}</span>
      </span>
      {role && <span className="text-xs font-medium text-muted">{role}</span>}
      {self ? (
        <span className="w-2" />
      ) : (
        <MenuButton size="sm" label={i18n.t("Actions for {name}", { name })} icon={EllipsisVertical} items={items} />
      )}
      {asking === "remove" && (
        <Confirm
          danger
          title={i18n.t("Remove {name}?", { name })}
          text={i18n.t("{name} cannot read or write here any more. You can add them again.", { name })}
          action={i18n.t("Remove from group")}
          onClose={() => setAsking(null)}
          onConfirm={() => attempt(() => removeMember(id, user_id))}
        />
      )}
      {asking === "transfer" && (
        <Confirm
          title={i18n.t("Make {name} the owner?", { name })}
          text={i18n.t("You stay in the group as an admin. Only {name} can give it back.", { name })}
          action={i18n.t("Transfer ownership")}
          onClose={() => setAsking(null)}
          onConfirm={() => setRole("owner")}
        />
      )}
    </li>
  );
}
