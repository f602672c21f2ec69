import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getMe as fetchMe } from "../api/calls";
import type { NumberList, PhoneNumber, Wallet, WalletList } from "../api/types";
import { setListener, startEngine, stopEngine } from "../realtime/engine";
import { type HandsetPages, withHandsetMessage } from "../realtime/handset-messages";
import { getMe, setMe, useSession } from "../realtime/session";
import { announceArrival } from "./announce-arrival";
import { refreshOverview } from "./refresh-overview";
import type { AppRouter } from "./routes";

/** Live data for as long as somebody is signed in. */
export function useEngine(client: QueryClient, router: AppRouter) {
  const me = useSession((session) => session.me?.id);
  useEffect(() => {
    if (!me) return;
    setListener({
      arrived: (message) => {
        announceArrival(message);
        refreshOverview(client);
      },
      removed: (id) => {
        if (router.state.location.pathname === `/c/${id}`) router.navigate({ to: "/" });
      },
      account: () => {
        fetchMe()
          .then(setMe)
          .catch(() => undefined);
        for (const key of ["sessions", "numbers", "handsets"]) client.invalidateQueries({ queryKey: [key] });
        refreshOverview(client);
      },
      wallet: (wallet) => {
        client.setQueryData<WalletList>(["wallets"], (known) => known && withWallet(known, wallet));
        client.invalidateQueries({ queryKey: ["transfers", wallet.mode] });
        refreshOverview(client);
      },
      number: (number) => {
        client.setQueryData<NumberList>(["numbers"], (known) => known && withNumber(known, number));
        client.setQueryData<PhoneNumber | null>(["numbers", number.id], (known) => newer(known, number));
        client.invalidateQueries({ queryKey: ["number-shares", number.id] });
        refreshOverview(client);
      },
      verification: (verification) => {
        // With what shows it: nobody who never waits for a code loads it.
        import("./take-verification")
          .then(({ takeVerification }) => takeVerification(client, router, verification))
          .catch(() => client.invalidateQueries({ queryKey: ["verifications"] }));
      },
      handset: (message) => {
        client.setQueryData<HandsetPages>(
          ["handset-messages", message.handset_id],
          (known) => known && withHandsetMessage(known, message),
        );
      },
      missed: () => {
        for (const key of ["numbers", "handsets", "handset-messages", "wallets", "verifications"])
          client.invalidateQueries({ queryKey: [key] });
        refreshOverview(client);
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

/** One that is not mine any more goes; a new one stands first, as the server lists them. */
function withNumber(known: NumberList, number: PhoneNumber): NumberList {
  const before = known.numbers.find(({ id }) => id === number.id);
  if (before && before.version >= number.version) return known;
  if (number.state === "released") return { numbers: known.numbers.filter(({ id }) => id !== number.id) };
  if (!before) return { numbers: [number, ...known.numbers] };
  return { numbers: known.numbers.map((mine) => (mine.id === number.id ? number : mine)) };
}
