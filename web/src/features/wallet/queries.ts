// Wallets and what happened to them. The live protocol brings changes; a look once a minute finds what it lost.
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { listTransfers, listWallets, topUp } from "../../api/calls";
import type { WalletMode } from "../../api/types";

const LOOK_EVERY_MS = 60_000;
const PAGE = 50;

export const useWallets = () =>
  useQuery({ queryKey: ["wallets"], queryFn: listWallets, refetchInterval: LOOK_EVERY_MS });

export const useTransfers = (mode: WalletMode) =>
  useInfiniteQuery({
    queryKey: ["transfers", mode],
    queryFn: ({ pageParam }) => listTransfers(mode, { cursor: pageParam, limit: PAGE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** `wish` names one wish of the person: sent again, it costs nothing again. */
export const useTopUp = () =>
  useMutation({ mutationFn: ({ wish, amount }: { wish: string; amount: number }) => topUp("test", wish, amount) });
