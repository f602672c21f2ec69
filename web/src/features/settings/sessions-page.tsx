import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { endOtherSessions, endSession, listSessions } from "../../api/calls";
import type { LoginSession } from "../../api/types";
import { formatExact, formatMoment } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError, showToast } from "../../ui/toast";
import { describeDevice } from "./devices";

export function SessionsPage() {
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: listSessions });
  const settled = () => client.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: endSession,
    onSettled: settled,
    onError: (error) => showError(problemText(error)),
  });
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    onSettled: settled,
    onSuccess: () => showToast(i18n.t("All other devices are signed out.")),
    onError: (error) => showError(problemText(error)),
  });
  const list = sessions.data?.sessions ?? [];
  return (
    <SectionPage
      title={i18n.t("Devices")}
      hint={i18n.t("Where you are signed in. Sign out what you do not know, then change your password.")}
      action={
        list.length > 1 && (
          <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {i18n.t("Sign out all others")}
          </Button>
        )
      }
    >
      <Card flush>
        {sessions.isPending && <SkeletonRows count={2} />}
        {sessions.isError && <Failure text={problemText(sessions.error)} onRetry={() => sessions.refetch()} />}
        <ul className="divide-y divide-line">
          {list.map((session) => (
            <Row
              key={session.id}
              session={session}
              busy={end.isPending && end.variables === session.id}
              onEnd={() => end.mutate(session.id)}
            />
          ))}
        </ul>
      </Card>
    </SectionPage>
  );
}

function Row({ session, busy, onEnd }: { session: LoginSession; busy: boolean; onEnd: () => void }) {
  const { name, mobile } = describeDevice(session.user_agent);
  const Icon = mobile ? Smartphone : Monitor;
  return (
    <li className="flex items-center gap-4 px-5 py-3.5">
      <Icon size={22} strokeWidth={1.5} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 grow">
        <p className="truncate font-medium">{name ?? i18n.t("Unknown device")}</p>
        <p className="tabular text-sm text-muted">
          {session.current ? (
            <span className="font-medium text-ok">{i18n.t("This device")}</span>
          ) : (
            <time dateTime={session.last_used_at} title={formatExact(session.last_used_at)}>
              {i18n.t("Last used {moment}", { moment: formatMoment(session.last_used_at) })}
            </time>
          )}
          {session.ip && <> · {session.ip}</>}
        </p>
      </div>
      {!session.current && (
        <Button busy={busy} className="shrink-0 whitespace-nowrap" onClick={onEnd}>
          {i18n.t("Sign out")}
        </Button>
      )}
    </li>
  );
}
