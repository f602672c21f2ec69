import { i18n } from "@lingui/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { MessageSquareCode, Plus } from "lucide-react";
import { useState } from "react";
import type { Verification } from "../../api/types";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { ExportButtons } from "./components/export-buttons";
import { HistoryFilters } from "./components/history-filters";
import { HistoryTable } from "./components/history-table";
import { LiveCard } from "./components/live-card";
import { NewDialog } from "./components/new-dialog";
import { TextsDialog } from "./components/texts-dialog";
import { useVerifications } from "./queries";
import { isOpen } from "./words";

/** A code stays large so long: one may still have to type it. */
const FRESH_MS = 10 * 60_000;

const isLive = (each: Verification) =>
  isOpen(each) || (each.status === "completed" && Date.now() - Date.parse(each.ended_at ?? "") < FRESH_MS);

export function CodesPage() {
  const search = useSearch({ from: "/shell/verifications/" });
  const navigate = useNavigate({ from: "/verifications" });
  const [adding, setAdding] = useState(false);
  const all = useVerifications({});
  const listed = useVerifications(search);
  const live = (all.data?.pages[0]?.verifications ?? []).filter(isLive);
  const rows = listed.data?.pages.flatMap((page) => page.verifications) ?? [];
  const isFirst = all.isSuccess && all.data.pages[0]?.verifications.length === 0;
  const begin = (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {i18n.t("New verification")}
    </Button>
  );
  return (
    <SectionPage
      wide
      title={i18n.t("Codes")}
      hint={i18n.t("Wait for the code of a service, on a number of yours or on a temporary one.")}
      action={!isFirst && begin}
    >
      {all.isPending && (
        <Card flush>
          <SkeletonRows count={4} avatar={false} />
        </Card>
      )}
      {all.isError && (
        <Card flush>
          <Failure text={problemText(all.error)} onRetry={() => all.refetch()} />
        </Card>
      )}
      {isFirst && (
        <Card flush>
          <Empty
            icon={MessageSquareCode}
            text={i18n.t("You have not waited for a code yet.")}
            hint={i18n.t("Choose a service and a number. Its code appears here by itself, ready to copy.")}
          >
            {begin}
          </Empty>
        </Card>
      )}
      {live.length > 0 && (
        <ul
          aria-label={i18n.t("Now")}
          className="mb-8 grid grid-cols-[minmax(0,1fr)] gap-3 xl:grid-cols-[repeat(2,minmax(0,1fr))]"
        >
          {live.map((each) => (
            <LiveCard key={each.id} verification={each} />
          ))}
        </ul>
      )}
      {all.isSuccess && !isFirst && (
        <section aria-labelledby="history">
          <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
            <h3 id="history" className="grow font-semibold">
              {i18n.t("History")}
            </h3>
            <ExportButtons search={search} />
          </div>
          <HistoryFilters search={search} />
          <Card flush>
            {listed.isPending && <SkeletonRows count={4} avatar={false} />}
            {listed.isError && <Failure text={problemText(listed.error)} onRetry={() => listed.refetch()} />}
            {listed.isSuccess && rows.length === 0 && (
              <p className="p-8 text-center text-sm text-muted">{i18n.t("Nothing fits these filters.")}</p>
            )}
            {rows.length > 0 && <HistoryTable rows={rows} search={search} />}
          </Card>
          {listed.hasNextPage && (
            <div className="mt-4 flex justify-center">
              <Button busy={listed.isFetchingNextPage} onClick={() => listed.fetchNextPage()}>
                {i18n.t("Show older ones")}
              </Button>
            </div>
          )}
        </section>
      )}
      {adding && <NewDialog onClose={() => setAdding(false)} />}
      {search.open && (
        <TextsDialog
          id={search.open}
          known={rows.find(({ id }) => id === search.open)}
          onClose={() => navigate({ search: { ...search, open: undefined }, replace: true })}
        />
      )}
    </SectionPage>
  );
}
