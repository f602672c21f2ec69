// Verifications and what came for them. The live protocol brings changes (see app/take-verification.ts).
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as api from "../../api/calls";
import type { Verification } from "../../api/types";
import { type CodesSearch, codesQuery } from "../../lib/codes-search";
import { problemText } from "../../lib/problem-text";
import { showError } from "../../ui/toast";

const PAGE = 50;
const LOOK_EVERY_MS = 60_000;
/** Without a network it fails at once, instead of spending money whenever the network is back. */
const NEVER_LATER = { networkMode: "always" } as const;

export function useVerifications({ open: _open, ...search }: CodesSearch) {
  return useInfiniteQuery({
    queryKey: ["verifications", search],
    queryFn: ({ pageParam }) => api.listVerifications({ ...codesQuery(search), cursor: pageParam, limit: PAGE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_EVERY_MS,
    placeholderData: (before) => before,
  });
}

export const useCodes = (id: string) =>
  useQuery({ queryKey: ["verification-codes", id], queryFn: () => api.listCodes(id), select: ({ codes }) => codes });

export const useServices = () =>
  useQuery({ queryKey: ["verification-services"], queryFn: api.listServices, staleTime: LOOK_EVERY_MS });

export const useNumbers = () =>
  useQuery({
    queryKey: ["numbers"],
    queryFn: api.listNumbers,
    select: ({ numbers }) => numbers.filter(({ my_role, state }) => my_role !== "read" && state === "owned"),
  });

export const useCountries = () =>
  useQuery({
    queryKey: ["number-countries"],
    queryFn: api.listNumberCountries,
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ countries }) => countries,
  });

export const useFigures = (days: number, from: string) =>
  useQuery({ queryKey: ["verification-figures", days], queryFn: () => api.verificationFigures({ from }) });

export function useCreate() {
  const client = useQueryClient();
  return useMutation({
    ...NEVER_LATER,
    mutationFn: ({ wish, body }: { wish: string; body: api.NewVerification }) => api.createVerification(wish, body),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["verifications"] });
      client.invalidateQueries({ queryKey: ["wallets"] });
    },
  });
}

export function useCancel({ id }: Verification) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.cancelVerification(id),
    onError: (error) => showError(problemText(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["verifications"] }),
  });
}

export const useSendCode = ({ id }: Verification) =>
  useMutation({
    ...NEVER_LATER,
    mutationFn: ({ wish, language }: { wish: string; language: string }) => api.sendSimulatedCode(id, wish, language),
    onError: (error) => showError(problemText(error)),
  });
