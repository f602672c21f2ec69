import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { Archive, MessagesSquare, NotebookPen, UserPlus } from "lucide-react";
import { useState } from "react";
import { useNarrow } from "../../lib/use-media";
import { useChatStore } from "../../realtime/chat-store";
import { useMe } from "../../realtime/session";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { openDirect } from "./actions";
import { userName } from "./conversations";
import { InviteDialog } from "./invite-dialog";

/** What stands beside the list while nothing is open. */
export function InboxPage() {
  const me = useMe();
  const fresh = useChatStore(
    (store) => store.lists.inbox.status === "ready" && Object.keys(store.chat.entries).length === 0,
  );
  if (fresh && me.role === "admin") return <FirstRun />;
  return (
    <main className="hidden min-w-0 grow bg-canvas md:block">
      <Empty
        icon={MessagesSquare}
        text={i18n.t("Choose a conversation, or start one.")}
        hint={i18n.t("Press ? for all keys.")}
      />
    </main>
  );
}

export function ArchivedPage() {
  return (
    <main className="hidden min-w-0 grow bg-canvas md:block">
      <Empty icon={Archive} text={i18n.t("Archived conversations keep quiet and stay complete.")} />
    </main>
  );
}

const card =
  "flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-5 text-start [&>svg]:text-accent";

function FirstRun() {
  // Below the list on a narrow screen, where the list is the main thing.
  const Box = useNarrow() ? "section" : "main";
  const me = useMe();
  const navigate = useNavigate();
  const [inviting, setInviting] = useState(false);
  const [busy, setBusy] = useState(false);
  const writeToMyself = async () => {
    setBusy(true);
    const id = await openDirect(me.id);
    setBusy(false);
    if (id) navigate({ to: "/c/$conversationId", params: { conversationId: id } });
  };
  return (
    <Box className="scroll-y flex min-w-0 grow flex-col items-center bg-canvas px-6 py-10 md:justify-center max-md:absolute max-md:inset-x-0 max-md:top-28 max-md:bottom-0">
      <div className="w-full max-w-150">
        <h1 className="text-2xl font-semibold tracking-tight">{i18n.t("Welcome, {name}.", { name: userName(me) })}</h1>
        <p className="mt-1 text-muted">{i18n.t("Your server is running. Two ways to see it work:")}</p>
        <div className="mt-6 grid gap-4 md:grid-cols-2">
          <section className={card}>
            <NotebookPen size={22} strokeWidth={1.6} aria-hidden />
            <div className="grow">
              <h2 className="font-semibold">{i18n.t("Write to yourself")}</h2>
              <p className="mt-1 text-sm text-muted">{i18n.t("A place for notes and links, on all your devices.")}</p>
            </div>
            <Button look="primary" busy={busy} onClick={writeToMyself}>
              {i18n.t("Open notes")}
            </Button>
          </section>
          <section className={card}>
            <UserPlus size={22} strokeWidth={1.6} aria-hidden />
            <div className="grow">
              <h2 className="font-semibold">{i18n.t("Invite a colleague")}</h2>
              <p className="mt-1 text-sm text-muted">{i18n.t("A link for one person, good for seven days.")}</p>
            </div>
            <Button onClick={() => setInviting(true)}>{i18n.t("Create link")}</Button>
          </section>
        </div>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Box>
  );
}
