// Numbers that one may write from, and what a text costs. The live protocol brings changes of numbers.
import { useQuery } from "@tanstack/react-query";
import { getNumber, getTextPrice, listNumbers, listWallets } from "../../../api/calls";
import { isStatus } from "../../../api/errors";
import type { Line, NumberList, PhoneNumber, TextPrice } from "../../../api/types";

const FRESH_MS = 60_000;

export const useNumbers = (enabled = true) =>
  useQuery({ queryKey: ["numbers"], queryFn: listNumbers, staleTime: FRESH_MS, enabled });

/** One's own side of a conversation: undefined while it is not known, null if it is nobody's here any more. */
export function useOwnNumber(line: Line | null): PhoneNumber | null | undefined {
  const id = line?.number_id ?? "";
  const { data } = useQuery({
    queryKey: ["numbers", id],
    queryFn: () => findNumber(id),
    staleTime: FRESH_MS,
    enabled: line !== null,
  });
  return data && data.state !== "owned" ? null : data;
}

async function findNumber(id: string): Promise<PhoneNumber | null> {
  try {
    return await getNumber(id);
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}

/** Nothing as long as the server does not tell: then none is shown. */
export function useTextPrice(conversationId: string, enabled: boolean): TextPrice | null {
  const price = useQuery({
    queryKey: ["text-price", conversationId],
    queryFn: () => getTextPrice(conversationId),
    staleTime: FRESH_MS,
    retry: false,
    enabled,
  });
  return price.data ?? null;
}

export const useWallets = () => useQuery({ queryKey: ["wallets"], queryFn: listWallets });

/** Those that a text can be sent from; those that are to end come last. */
export const sendable = ({ numbers }: NumberList) =>
  numbers
    .filter(({ my_role, state, sms }) => my_role !== "read" && state === "owned" && sms)
    .sort((one, other) => Number(Boolean(one.cancelled_at)) - Number(Boolean(other.cancelled_at)));
