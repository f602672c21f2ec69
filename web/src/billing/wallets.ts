// The wallets that pay. The live protocol brings changes (see app/use-engine.ts); a look once a minute finds what it lost.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listWallets, topUp } from "../api/calls";
import type { WalletMode } from "../api/types";

const LOOK_EVERY_MS = 60_000;

export const useWallets = () =>
  useQuery({ queryKey: ["wallets"], queryFn: listWallets, refetchInterval: LOOK_EVERY_MS });

/** The wallet that pays in a mode, and its currency. */
export function useWallet(mode: WalletMode) {
  const { data } = useWallets();
  return { currency: data?.currency ?? "USD", wallet: data?.wallets.find((wallet) => wallet.mode === mode) };
}

/** `wish` names one wish of the person: sent again, it costs nothing again. */
export function useTopUp() {
  const client = useQueryClient();
  return useMutation({
    // Without a network it fails at once, instead of paying whenever the network is back.
    networkMode: "always",
    mutationFn: ({ wish, amount }: { wish: string; amount: number }) => topUp("test", wish, amount),
    onSuccess: () => client.invalidateQueries({ queryKey: ["wallets"] }),
  });
}
