import { i18n } from "@lingui/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { MessageCircleQuestion } from "lucide-react";
import { useState } from "react";
import { closeText, listUnknownTexts } from "../../api/calls";
import type { UnknownText, User } from "../../api/types";
import { formatExact, formatMoment } from "../../lib/format";
import { formatPhone } from "../../lib/phone";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError } from "../../ui/toast";

export function UnknownTextsPage() {
  const client = useQueryClient();
  const texts = useInfiniteQuery({
    queryKey: ["unknown-texts"],
    queryFn: ({ pageParam }) => listUnknownTexts({ cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const close = useMutation({
    mutationFn: closeText,
    onSettled: () => client.invalidateQueries({ queryKey: ["unknown-texts"] }),
    onError: (error) => showError(problemText(error)),
  });
  const list = texts.data?.pages.flatMap((page) => page.texts) ?? [];
  const people = texts.data?.pages.flatMap((page) => page.users) ?? [];
  return (
    <SectionPage
      title={i18n.t("Texts without news")}
      hint={i18n.t(
        "The link to a carrier broke while these left, and nobody knows whether they were sent. They are never sent again by themselves; a late report takes them off this list.",
      )}
    >
      <Card flush>
        {texts.isPending && <SkeletonRows count={3} avatar={false} />}
        {texts.isError && <Failure text={problemText(texts.error)} onRetry={() => texts.refetch()} />}
        {texts.data && list.length === 0 && (
          <Empty
            icon={MessageCircleQuestion}
            text={i18n.t("Every text was answered by its carrier: it arrived, or it failed.")}
          />
        )}
        <ul className="divide-y divide-line">
          {list.map((text) => (
            <Row
              key={text.id}
              text={text}
              owner={people.find(({ id }) => id === text.owner_id)}
              onClose={() => close.mutateAsync(text.id).catch(() => undefined)}
            />
          ))}
        </ul>
      </Card>
      {texts.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={texts.isFetchingNextPage} onClick={() => texts.fetchNextPage()}>
            {i18n.t("Show more texts")}
          </Button>
        </div>
      )}
    </SectionPage>
  );
}

type RowProps = { text: UnknownText; owner: User | undefined; onClose: () => Promise<unknown> };

function Row({ text, owner, onClose }: RowProps) {
  const [asking, setAsking] = useState(false);
  const { from, to, carrier, part, parts, detail, since } = text;
  return (
    <li className="flex items-center gap-4 py-3 ps-5 pe-3">
      <div className="min-w-0 grow">
        <p className="tabular font-medium">
          {i18n.t("From {from} to {to}", { from: formatPhone(from), to: formatPhone(to) })}
        </p>
        <p className="text-sm break-words text-muted">
          {owner && <>{owner.full_name || owner.username} · </>}
          {carrier}
          {parts > 1 && <> · {i18n.t("segment {part} of {parts}", { part, parts })}</>}
          {detail && <> · {detail}</>}
        </p>
        <time dateTime={since} title={formatExact(since)} className="text-xs text-muted">
          {i18n.t("Since {moment}", { moment: formatMoment(since) })}
        </time>
      </div>
      <Button onClick={() => setAsking(true)}>{i18n.t("Close")}</Button>
      {asking && (
        <Confirm
          title={i18n.t("Wait no longer for news of this text?")}
          text={i18n.t("It leaves this list. Its people still see that nobody knows, and its price is not paid back.")}
          action={i18n.t("Close text")}
          onClose={() => setAsking(false)}
          onConfirm={onClose}
        />
      )}
    </li>
  );
}
