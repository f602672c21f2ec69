import { i18n } from "@lingui/core";
import { ScrollText } from "lucide-react";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { ActivityRows } from "./components/activity-rows";
import { useActivity, useDashboard } from "./queries";

export function ActivityPage() {
  const activity = useActivity();
  const currency = useDashboard().data?.currency ?? "USD";
  const list = activity.data?.pages.flatMap((page) => page.activity) ?? [];
  return (
    <SectionPage
      title={i18n.t("Activity")}
      hint={i18n.t("Money, numbers, sign-ins and refusals, newest first. Single texts stand in their conversations.")}
    >
      <Card flush>
        {activity.isPending && <SkeletonRows count={6} avatar={false} />}
        {activity.isError && <Failure text={problemText(activity.error)} onRetry={() => activity.refetch()} />}
        {activity.data && list.length === 0 && <Empty icon={ScrollText} text={i18n.t("Nothing happened yet.")} />}
        <ActivityRows list={list} currency={currency} />
      </Card>
      {activity.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={activity.isFetchingNextPage} onClick={() => activity.fetchNextPage()}>
            {i18n.t("Show earlier activity")}
          </Button>
        </div>
      )}
    </SectionPage>
  );
}
