import { i18n } from "@lingui/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, ShieldBan } from "lucide-react";
import { useState } from "react";
import { listSuppressions, unsuppressNumber } from "../../api/calls";
import type { Suppression, User } from "../../api/types";
import { formatExact, formatMoment } from "../../lib/format";
import { formatPhone } from "../../lib/phone";
import { problemText } from "../../lib/problem-text";
import { useDebounced } from "../../lib/use-debounced";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { SearchField } from "../../ui/search-field";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { showError } from "../../ui/toast";
import { SuppressNumbers } from "./suppress-numbers";

const SETTLE_MS = 250;

export function SuppressionsPage() {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [adding, setAdding] = useState(false);
  const search = useDebounced(text.trim(), SETTLE_MS);
  const suppressions = useInfiniteQuery({
    queryKey: ["suppressions", search],
    queryFn: ({ pageParam, signal }) => listSuppressions({ search, cursor: pageParam, limit: 50 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const settled = () => {
    // Other searches would show for a moment what is not true any more.
    client.removeQueries({ queryKey: ["suppressions"], type: "inactive" });
    return client.invalidateQueries({ queryKey: ["suppressions"] });
  };
  const remove = useMutation({
    mutationFn: unsuppressNumber,
    onSettled: settled,
    onError: (error) => showError(problemText(error)),
  });
  const list = suppressions.data?.pages.flatMap((page) => page.suppressions) ?? [];
  const people = suppressions.data?.pages.flatMap((page) => page.users) ?? [];
  const isEmpty = suppressions.isSuccess && !suppressions.isPlaceholderData && list.length === 0;
  const add = (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {i18n.t("Add numbers")}
    </Button>
  );
  return (
    <SectionPage
      title={i18n.t("Suppression list")}
      hint={i18n.t(
        "Nobody on this server texts these numbers, also not with what was queued before. They may still write.",
      )}
      action={(!isEmpty || search !== "") && add}
    >
      {(!isEmpty || text !== "") && (
        <SearchField
          frame="mb-4"
          inputMode="tel"
          label={i18n.t("Search numbers")}
          placeholder={i18n.t("Digits of the number")}
          value={text}
          onChange={setText}
        />
      )}
      <Card flush>
        {suppressions.isPending && <SkeletonRows count={4} avatar={false} />}
        {suppressions.isError && (
          <Failure text={problemText(suppressions.error)} onRetry={() => suppressions.refetch()} />
        )}
        {isEmpty && search !== "" && <Empty icon={ShieldBan} text={i18n.t("No such number is on the list.")} />}
        {isEmpty && search === "" && (
          <Empty icon={ShieldBan} text={i18n.t("No number is kept from being texted.")}>
            {add}
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {list.map((suppression) => (
            <Row
              key={suppression.number}
              suppression={suppression}
              by={people.find(({ id }) => id === suppression.made_by)}
              onRemove={() => remove.mutateAsync(suppression.number).catch(() => undefined)}
            />
          ))}
        </ul>
      </Card>
      {suppressions.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={suppressions.isFetchingNextPage} onClick={() => suppressions.fetchNextPage()}>
            {i18n.t("Show more numbers")}
          </Button>
        </div>
      )}
      {adding && (
        <SuppressNumbers
          onClose={() => {
            setAdding(false);
            settled();
          }}
        />
      )}
    </SectionPage>
  );
}

type RowProps = { suppression: Suppression; by: User | undefined; onRemove: () => Promise<unknown> };

function Row({ suppression: { number, reason, created_at }, by, onRemove }: RowProps) {
  const [asking, setAsking] = useState(false);
  const shown = formatPhone(number);
  return (
    <li className="flex items-center gap-4 py-3 ps-5 pe-3">
      <div className="min-w-0 grow">
        <p className="tabular font-medium">{shown}</p>
        <p className="text-sm break-words text-muted">{reason}</p>
        <p className="text-xs text-muted">
          {by && <>{by.full_name || by.username} · </>}
          <time dateTime={created_at} title={formatExact(created_at)}>
            {formatMoment(created_at)}
          </time>
        </p>
      </div>
      <Button
        look="ghost"
        aria-label={i18n.t("Remove {number} from the list", { number: shown })}
        onClick={() => setAsking(true)}
      >
        {i18n.t("Remove")}
      </Button>
      {asking && (
        <Confirm
          title={i18n.t("Let {number} be texted again?", { number: shown })}
          text={i18n.t("Everybody on this server can text it again. If it replied STOP to a number, that still holds.")}
          action={i18n.t("Remove from the list")}
          onClose={() => setAsking(false)}
          onConfirm={onRemove}
        />
      )}
    </li>
  );
}
