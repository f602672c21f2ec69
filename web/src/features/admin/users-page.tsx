import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { useEffect, useState } from "react";
import { listAccounts } from "../../api/calls";
import { problemText } from "../../lib/problem-text";
import { useDebounced } from "../../lib/use-debounced";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { SearchField } from "../../ui/search-field";
import { Card, SectionPage } from "../../ui/section-layout";
import { SkeletonRows } from "../../ui/skeleton";
import { AccountRow } from "./account-row";

const SETTLE_MS = 250;

export function UsersPage() {
  const { search = "" } = useSearch({ from: "/shell/admin" });
  const navigate = useNavigate({ from: "/admin/users" });
  const router = useRouter();
  const [text, setText] = useState(search);
  const wanted = useDebounced(text.trim(), SETTLE_MS);
  useEffect(() => {
    // Whoever is on the way to another page is not led back by what they typed here last.
    if (router.latestLocation.pathname !== "/admin/users") return;
    navigate({ search: wanted ? { search: wanted } : {}, replace: true });
  }, [wanted, navigate, router]);
  const accounts = useInfiniteQuery({
    queryKey: ["accounts", wanted],
    queryFn: ({ pageParam }) => listAccounts({ search: wanted, cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const users = accounts.data?.pages.flatMap((page) => page.users) ?? [];
  return (
    <SectionPage
      wide
      title={i18n.t("Users")}
      hint={i18n.t("Suspending signs somebody out everywhere at once. What they wrote stays.")}
      action={
        <SearchField
          frame="w-full md:w-72"
          label={i18n.t("Search users")}
          placeholder={i18n.t("Name or email address")}
          value={text}
          onChange={setText}
        />
      }
    >
      <Card flush>
        {accounts.isPending && <SkeletonRows />}
        {accounts.isError && <Failure text={problemText(accounts.error)} onRetry={() => accounts.refetch()} />}
        {accounts.data && users.length === 0 && <Empty icon={UsersRound} text={i18n.t("Nobody found.")} />}
        {users.length > 0 && (
          <table className="w-full text-start text-sm">
            <thead className="border-b border-line text-xs text-muted max-md:sr-only">
              <tr>
                {[i18n.t("Name"), i18n.t("Email"), i18n.t("Role"), i18n.t("Since"), i18n.t("State")].map((name) => (
                  <th key={name} scope="col" className="px-4 py-2.5 text-start font-medium">
                    {name}
                  </th>
                ))}
                <th scope="col">
                  <span className="sr-only">{i18n.t("Actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {users.map((user) => (
                <AccountRow key={user.id} user={user} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
      {accounts.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={accounts.isFetchingNextPage} onClick={() => accounts.fetchNextPage()}>
            {i18n.t("Show more users")}
          </Button>
        </div>
      )}
    </SectionPage>
  );
}
