import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, RotateCcw } from "lucide-react";
import { listFailedJobs, retryParkedJob } from "../../api/calls";
import type { FailedJob } from "../../api/types";
import { formatExact, formatMoment } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError, showToast } from "../../ui/toast";

type Jobs = { jobs: FailedJob[] };
const KEY = ["failed-jobs"];

/** What was to be done, in words; a newer server may have work that this client has no word for. */
function sentence({ queue, attempts: count, parked_at }: FailedJob): string {
  if (queue === "mail.send") {
    if (parked_at) {
      return i18n.t(
        "{count, plural, one {A mail was not sent after # attempt.} other {A mail was not sent after # attempts.}}",
        { count },
      );
    }
    return i18n.t(
      "{count, plural, one {A mail could not be sent yet, after # attempt.} other {A mail could not be sent yet, after # attempts.}}",
      { count },
    );
  }
  if (parked_at) {
    return i18n.t(
      "{count, plural, one {“{queue}” gave up after # attempt.} other {“{queue}” gave up after # attempts.}}",
      { count, queue },
    );
  }
  return i18n.t(
    "{count, plural, one {“{queue}” failed, # attempt so far.} other {“{queue}” failed, # attempts so far.}}",
    { count, queue },
  );
}

export function JobsPage() {
  const client = useQueryClient();
  const jobs = useQuery({ queryKey: KEY, queryFn: listFailedJobs, refetchInterval: 15_000 });
  const retry = useMutation({
    mutationFn: (job: FailedJob) => retryParkedJob(job.id),
    onSuccess: (_, job) => {
      client.setQueryData<Jobs>(KEY, (data) => data && { jobs: data.jobs.filter(({ id }) => id !== job.id) });
      showToast(i18n.t("It is tried again now. If it gives up once more, it comes back here."));
    },
    onError: (error) => {
      showError(problemText(error));
      client.invalidateQueries({ queryKey: KEY });
    },
  });
  const list = jobs.data?.jobs ?? [];
  return (
    <SectionPage
      title={i18n.t("Jobs")}
      hint={i18n.t(
        "What did not work, such as mail that no mail server took. The server tries again by itself, up to a limit.",
      )}
    >
      <Card flush>
        {jobs.isPending && <SkeletonRows count={3} avatar={false} />}
        {jobs.isError && !jobs.data && <Failure text={problemText(jobs.error)} onRetry={() => jobs.refetch()} />}
        {jobs.data && list.length === 0 && (
          <Empty icon={CircleCheck} text={i18n.t("Nothing has failed. All work is done or on its way.")} />
        )}
        <ul className="divide-y divide-line">
          {list.map((job) => (
            <Row
              key={job.id}
              job={job}
              busy={retry.isPending && retry.variables.id === job.id}
              onRetry={() => retry.mutate(job)}
            />
          ))}
        </ul>
      </Card>
    </SectionPage>
  );
}

function Row({ job, busy, onRetry }: { job: FailedJob; busy: boolean; onRetry: () => void }) {
  const at = job.parked_at ?? job.retry_at;
  return (
    <li className="flex items-start gap-4 px-5 py-3.5">
      <div className="min-w-0 grow">
        <p className="font-medium">{sentence(job)}</p>
        {at && (
          <p className="tabular text-sm text-muted">
            <time dateTime={at} title={formatExact(at)}>
              {job.parked_at ? formatMoment(at) : i18n.t("Next attempt: {moment}", { moment: formatMoment(at) })}
            </time>
          </p>
        )}
        {job.last_error && (
          <details className="mt-1 text-sm text-muted">
            <summary className="w-fit cursor-pointer rounded-control py-1">{i18n.t("Details")}</summary>
            <p className="mt-1 font-mono text-xs break-words whitespace-pre-wrap">{job.last_error}</p>
          </details>
        )}
      </div>
      {job.parked_at && (
        <Button className="shrink-0" icon={<RotateCcw size={16} aria-hidden />} busy={busy} onClick={onRetry}>
          {i18n.t("Try again")}
        </Button>
      )}
    </li>
  );
}
