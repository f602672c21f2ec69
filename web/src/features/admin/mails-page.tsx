import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { MailCheck, Mail as MailIcon } from "lucide-react";
import { Fragment } from "react";
import { listMails } from "../../api/calls";
import { formatExact, formatMoment } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";

const LINK = /(https?:\/\/[^\s<>"]+)/g;

/** Addresses in a mail can be followed from here. */
function MailText({ text }: { text: string }) {
  return text.split(LINK).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <a key={index} href={part} className="break-all text-accent underline underline-offset-2">
        {part}
      </a>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}

export function MailsPage() {
  const mails = useInfiniteQuery({
    queryKey: ["mails"],
    queryFn: ({ pageParam }) => listMails({ cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 15_000,
  });
  const list = mails.data?.pages.flatMap((page) => page.mails) ?? [];
  const enabled = mails.data?.pages[0]?.enabled ?? true;
  return (
    <SectionPage
      title={i18n.t("Mail outbox")}
      hint={i18n.t("Without a mail server, what would be sent stays here, for administrators only.")}
    >
      <Card flush>
        {mails.isPending && <SkeletonRows count={4} avatar={false} />}
        {mails.isError && <Failure text={problemText(mails.error)} onRetry={() => mails.refetch()} />}
        {mails.data &&
          list.length === 0 &&
          (enabled ? (
            <Empty icon={MailIcon} text={i18n.t("No mail has been written yet.")} />
          ) : (
            <Empty icon={MailCheck} text={i18n.t("A mail server is set: mails go out and are not kept here.")} />
          ))}
        <ul className="divide-y divide-line">
          {list.map((mail) => (
            <li key={mail.id}>
              <details className="group">
                <summary className="flex list-none items-baseline gap-3 px-5 py-3.5 -outline-offset-2 hover:bg-hover">
                  <span className="min-w-0 grow">
                    <span className="block truncate font-medium">{mail.subject}</span>
                    <span className="block truncate text-sm text-muted">
                      {i18n.t("To {address}", { address: mail.to })}
                    </span>
                  </span>
                  <time
                    dateTime={mail.created_at}
                    title={formatExact(mail.created_at)}
                    className="tabular shrink-0 text-xs text-muted"
                  >
                    {formatMoment(mail.created_at)}
                  </time>
                </summary>
                <p className="border-t border-line bg-canvas px-5 py-4 text-sm whitespace-pre-wrap">
                  <MailText text={mail.text} />
                </p>
              </details>
            </li>
          ))}
        </ul>
      </Card>
      {mails.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={mails.isFetchingNextPage} onClick={() => mails.fetchNextPage()}>
            {i18n.t("Show earlier mails")}
          </Button>
        </div>
      )}
    </SectionPage>
  );
}
