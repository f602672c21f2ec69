import { i18n } from "@lingui/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import { listInvitations } from "../../api/calls";
import { notedList } from "../../lib/noted";
import { useChatStore } from "../../realtime/chat-store";
import { useSession } from "../../realtime/session";
import { Button, IconButton } from "../../ui/button";
import { isAlone } from "./conversations";
import { FIRST_INVITATION, InviteDialog } from "./invite-dialog";

const { useNoted: useDismissed, note: dismiss } = notedList("convo.alone");

/** An administrator who writes with nobody yet and has invited nobody; until they invite somebody or say no. Undefined while it is not known. */
export function useInviteHint(): boolean | undefined {
  const me = useSession((session) => session.me);
  const dismissed = useDismissed();
  const alone = useChatStore(
    ({ lists, chat }) =>
      lists.inbox.status === "ready" &&
      isAlone(
        Object.values(chat.entries).map(({ conversation }) => conversation),
        chat.me,
      ),
  );
  const asks = me?.role === "admin" && alone && !dismissed.includes(me.id);
  const invitations = useQuery({
    queryKey: ["invitations"],
    queryFn: listInvitations,
    enabled: asks,
    refetchOnWindowFocus: false,
  });
  if (!asks || invitations.isError) return false;
  return invitations.data && invitations.data.invitations.length === 0;
}

/** Makes the link. Once it was there, nobody asks for it again. */
export function useInviting() {
  const [open, setOpen] = useState(false);
  const me = useSession((session) => session.me);
  const client = useQueryClient();
  const close = () => {
    setOpen(false);
    if (me && client.getQueryData(FIRST_INVITATION)) dismiss(me.id);
  };
  return { begin: () => setOpen(true), dialog: open && <InviteDialog onClose={close} /> };
}

export function DismissInvite() {
  const me = useSession((session) => session.me);
  return (
    <IconButton size="sm" label={i18n.t("Do not ask again")} onClick={() => me && dismiss(me.id)}>
      <X size={16} aria-hidden />
    </IconButton>
  );
}

/** Below the list, while something else has the room beside it. */
export function InviteHint() {
  const inviting = useInviting();
  if (!useInviteHint()) return null;
  return (
    <section
      aria-label={i18n.t("Invite a colleague")}
      className="m-3 flex shrink-0 items-start gap-3 rounded-card border border-line bg-canvas py-3 ps-3 pe-1.5"
    >
      <UserPlus size={20} strokeWidth={1.6} aria-hidden className="mt-0.5 shrink-0 text-accent" />
      <div className="min-w-0 grow">
        <h2 className="text-sm font-semibold">{i18n.t("Invite a colleague")}</h2>
        <p className="text-sm text-muted">{i18n.t("A link for one person, good for seven days.")}</p>
        <Button className="mt-2" onClick={inviting.begin}>
          {i18n.t("Create link")}
        </Button>
      </div>
      <DismissInvite />
      {inviting.dialog}
    </section>
  );
}
