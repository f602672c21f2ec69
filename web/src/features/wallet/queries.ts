// What happened to wallets.
import { useInfiniteQuery } from "@tanstack/react-query";
import { listTransfers } from "../../api/calls";
import type { WalletMode } from "../../api/types";

const PAGE = 50;

export const useTransfers = (mode: WalletMode) =>
  useInfiniteQuery({
    queryKey: ["transfers", mode],
    queryFn: ({ pageParam }) => listTransfers(mode, { cursor: pageParam, limit: PAGE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
