import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import type { Dashboard } from "../../../api/types";
import { Card } from "../../../ui/section-layout";
import { ActivityRows } from "./activity-rows";

export function Recent({ data: { recent, currency } }: { data: Dashboard }) {
  return (
    <Card flush>
      <div className="flex items-center gap-3 px-5 pt-4 pb-1">
        <h3 className="grow font-semibold">{i18n.t("Recent activity")}</h3>
        <Link
          to="/dashboard/activity"
          className="inline-flex min-h-6 items-center text-sm font-medium text-accent underline-offset-2 hover:underline touch:min-h-11"
        >
          {i18n.t("All activity")}
        </Link>
      </div>
      <ActivityRows list={recent} currency={currency} />
    </Card>
  );
}
