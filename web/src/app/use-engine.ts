import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getMe as fetchMe } from "../api/calls";
import type { NumberList, PhoneNumber, Wallet, WalletList } from "../api/types";
import { setListener, startEngine, stopEngine } from "../realtime/engine";
import { getMe, setMe, useSession } from "../realtime/session";
import { announceArrival } from "./announce-arrival";
import type { AppRouter } from "./routes";

/** Live data for as long as somebody is signed in. */
export function useEngine(client: QueryClient, router: AppRouter) {
  const me = useSession((session) => session.me?.id);
  useEffect(() => {
    if (!me) return;
    setListener({
      arrived: announceArrival,
      removed: (id) => {
        if (router.state.location.pathname === `/c/${id}`) router.navigate({ to: "/" });
      },
      account: () => {
        fetchMe()
          .then(setMe)
          .catch(() => undefined);
        client.invalidateQueries({ queryKey: ["sessions"] });
      },
      wallet: (wallet) => {
        client.setQueryData<WalletList>(["wallets"], (known) => known && withWallet(known, wallet));
        client.invalidateQueries({ queryKey: ["transfers", wallet.mode] });
      },
      number: (number) => {
        client.setQueryData<NumberList>(["numbers"], (known) => known && withNumber(known, number));
        client.setQueryData<PhoneNumber | null>(["numbers", number.id], (known) => newer(known, number));
        client.invalidateQueries({ queryKey: ["numbers"] });
      },
    });
    startEngine(me, getMe()?.user_version ?? 0);
    return stopEngine;
  }, [me, client, router]);
}

/** Nodes can overtake each other: the higher version is true. */
function withWallet(known: WalletList, wallet: Wallet): WalletList {
  const newer = (mine: Wallet) => (mine.mode === wallet.mode && mine.version < wallet.version ? wallet : mine);
  return { ...known, wallets: known.wallets.map(newer) };
}

const newer = (known: PhoneNumber | null | undefined, told: PhoneNumber) =>
  known && known.version < told.version ? told : known;

function withNumber(known: NumberList, number: PhoneNumber): NumberList {
  const change = (mine: PhoneNumber) => (mine.id === number.id ? (newer(mine, number) ?? mine) : mine);
  return { ...known, numbers: known.numbers.map(change) };
}
