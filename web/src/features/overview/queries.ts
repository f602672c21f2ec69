// The account at a glance. What happens live makes it stale (see app/refresh-overview.ts).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getDashboard, listActivity } from "../../api/calls";

const LOOK_EVERY_MS = 60_000;
const PAGE = 30;

export const useDashboard = () =>
  useQuery({ queryKey: ["dashboard"], queryFn: getDashboard, refetchInterval: LOOK_EVERY_MS });

export const useActivity = () =>
  useInfiniteQuery({
    queryKey: ["activity"],
    queryFn: ({ pageParam }) => listActivity({ cursor: pageParam, limit: PAGE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
