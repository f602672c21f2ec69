// Handsets and what is on them. The live protocol brings their texts (see app/use-engine.ts).
import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as api from "../../api/calls";
import type { Handset } from "../../api/types";
import { problemText } from "../../lib/problem-text";
import { type HandsetPages, withHandsetMessage } from "../../realtime/handset-messages";
import { showError } from "../../ui/toast";

const MESSAGES = 50;

const HANDSETS = queryOptions({ queryKey: ["handsets"], queryFn: api.listHandsets });
export const useHandsets = () => useQuery({ ...HANDSETS, select: ({ handsets }) => handsets });

export function useCreateHandset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: api.createHandset,
    onSuccess: (made) => {
      client.setQueryData(HANDSETS.queryKey, (list) => list && { handsets: [...list.handsets, made] });
      client.invalidateQueries({ queryKey: HANDSETS.queryKey });
    },
  });
}

export function useChangeHandset({ id }: Handset) {
  const client = useQueryClient();
  const replace = (next: (handset: Handset) => Handset) =>
    client.setQueryData(
      HANDSETS.queryKey,
      (list) => list && { handsets: list.handsets.map((each) => (each.id === id ? next(each) : each)) },
    );
  return useMutation({
    mutationFn: (change: api.HandsetChange) => api.updateHandset(id, change),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: HANDSETS.queryKey });
      const before = client.getQueryData(HANDSETS.queryKey)?.handsets.find((each) => each.id === id);
      replace((handset) => ({ ...handset, ...change }));
      return before;
    },
    onSuccess: (changed) => replace(() => changed),
    onError: (error, _change, before) => {
      if (before) replace(() => before);
      showError(problemText(error));
    },
  });
}

export const useHandsetMessages = (id: string) =>
  useInfiniteQuery({
    queryKey: ["handset-messages", id],
    queryFn: ({ pageParam }) => api.listHandsetMessages(id, { before: pageParam, limit: MESSAGES }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ messages }) => (messages.length < MESSAGES ? null : (messages.at(-1)?.place ?? null)),
  });

export function useSendFromHandset(id: string) {
  const client = useQueryClient();
  return useMutation({
    // Without a network it fails at once and stays in the field.
    networkMode: "always",
    mutationFn: (text: { client_id: string; to: string; text: string }) => api.sendFromHandset(id, text),
    onSuccess: (message) =>
      client.setQueryData<HandsetPages>(
        ["handset-messages", id],
        (known) => known && withHandsetMessage(known, message),
      ),
  });
}
