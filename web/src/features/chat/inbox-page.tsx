import { i18n } from "@lingui/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { Archive, Check, MessagesSquare, NotebookPen, RadioTower, UserPlus, X } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../realtime/session";
import { Button, IconButton } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { openDirect } from "./actions";
import { userName } from "./conversations";
import { DismissInvite, useInviting } from "./invite-hint";
import { closeWelcome, noteCarriersSeen, type Step, useWelcome } from "./welcome";

/** What stands beside the list while nothing is open. */
export function InboxPage() {
  const done = useWelcome();
  if (done) return <Welcome done={done} />;
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

function Welcome({ done }: { done: ReadonlySet<Step> }) {
  const me = useMe();
  const navigate = useNavigate();
  const inviting = useInviting();
  const [busy, setBusy] = useState(false);
  const writeToMyself = async () => {
    setBusy(true);
    const id = await openDirect(me.id);
    setBusy(false);
    if (id) navigate({ to: "/c/$conversationId", params: { conversationId: id } });
  };
  return (
    <main className="scroll-y flex min-w-0 grow flex-col items-center justify-center bg-canvas px-6 py-10">
      <div className="w-full max-w-150">
        <div className="flex items-start gap-2">
          <h1 className="min-w-0 grow text-2xl font-semibold tracking-tight wrap-anywhere">
            {i18n.t("Welcome, {name}.", { name: userName(me) })}
          </h1>
          <IconButton label={i18n.t("Close, and do not show it again")} onClick={() => closeWelcome(me.id)}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
        <p className="mt-1 text-muted">{i18n.t("Your server is running. Where would you like to begin?")}</p>
        <div className="mt-6 grid gap-4 md:grid-cols-2">
          <section className={card}>
            <NotebookPen size={22} strokeWidth={1.6} aria-hidden />
            <div className="grow">
              <h2 className="font-semibold">{i18n.t("Write to yourself")}</h2>
              <p className="mt-1 text-sm text-muted">{i18n.t("A place for notes and links, on all your devices.")}</p>
            </div>
            {done.has("notes") ? (
              <Done />
            ) : (
              <Button look="primary" busy={busy} onClick={writeToMyself}>
                {i18n.t("Open notes")}
              </Button>
            )}
          </section>
          <section className={card}>
            <div className="-me-3 flex h-5.5 items-center justify-between self-stretch text-accent">
              <UserPlus size={22} strokeWidth={1.6} aria-hidden />
              {!done.has("invite") && <DismissInvite />}
            </div>
            <div className="grow">
              <h2 className="font-semibold">{i18n.t("Invite a colleague")}</h2>
              <p className="mt-1 text-sm text-muted">{i18n.t("A link for one person, good for seven days.")}</p>
            </div>
            {done.has("invite") ? <Done /> : <Button onClick={inviting.begin}>{i18n.t("Create link")}</Button>}
          </section>
          <section className={`${card} md:col-span-2`}>
            <RadioTower size={22} strokeWidth={1.6} aria-hidden />
            <div className="grow">
              <h2 className="font-semibold">{i18n.t("Connect a carrier")}</h2>
              <p className="mt-1 text-sm text-muted">
                {i18n.t(
                  "Until you add one under Admin → Carriers, every number and every text is simulated and costs no real money.",
                )}
              </p>
            </div>
            {done.has("carrier") ? (
              <Done />
            ) : (
              <Link
                to="/admin/carriers"
                onClick={() => noteCarriersSeen(me.id)}
                className="inline-flex min-h-9 items-center rounded-control border border-control bg-surface px-3.5 text-sm font-medium hover:bg-hover touch:min-h-11"
              >
                {i18n.t("Open carriers")}
              </Link>
            )}
          </section>
        </div>
      </div>
      {inviting.dialog}
    </main>
  );
}

function Done() {
  return (
    <p className="inline-flex min-h-9 items-center gap-1.5 text-sm font-medium text-ok touch:min-h-11">
      <Check size={16} aria-hidden />
      {i18n.t("Done")}
    </p>
  );
}
