// Where the reader is in a conversation: loads pages around, follows the end, jumps to a place, notes what was seen.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { loadMessages } from "../../../realtime/engine";
import { findMessage } from "../../../realtime/messages";
import { markRead } from "../../../realtime/receipts";
import type { Entry } from "../../../realtime/state";
import { estimateRow, type Row } from "./rows";

const ROWS_LEFT = 30;
const AT_END_PX = 80;
const RETRY_MS = 3000;
const SETTLE_MS = 250;

export type Target = { seq: number; flash: boolean; align: "center" | "start" } | "end";

const seqOf = (row: Row | undefined) => (row && "message" in row ? row.message.seq : null);

function rowIndexOf(rows: Row[], target: { seq: number; align: "center" | "start" }): number {
  if (target.align === "start") {
    const unread = rows.findIndex((row) => row.kind === "unread");
    if (unread >= 0) return unread;
  }
  return rows.findIndex((row) => (seqOf(row) ?? -1) >= target.seq);
}

export function useThreadScroll(entry: Entry, rows: Row[], first: Target, box: RefObject<HTMLDivElement | null>) {
  const { loaded, conversation } = entry;
  const id = conversation.id;
  const [target, setTarget] = useState<Target | null>(first);
  const [flashed, setFlashed] = useState<string | null>(null);
  const wasCut = useRef(false);
  const busy = useRef({ before: 0, after: 0 });

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => estimateRow(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: "end",
    // The last page of newer messages joins while reading: that is no new message to follow.
    followOnAppend: !loaded?.hasAfter && !wasCut.current,
    scrollEndThreshold: AT_END_PX,
    overscan: 10,
    paddingStart: 16,
    paddingEnd: 8,
    scrollPaddingStart: 56,
  });
  useEffect(() => {
    wasCut.current = loaded?.hasAfter ?? false;
  }, [loaded?.hasAfter]);

  useLayoutEffect(() => {
    if (!target || rows.length === 0) return;
    if (target === "end") virtualizer.scrollToEnd();
    else {
      const index = rowIndexOf(rows, target);
      if (index < 0) virtualizer.scrollToEnd();
      else virtualizer.scrollToIndex(index, { align: target.align });
      if (target.flash) setFlashed(rows[index]?.key ?? null);
    }
    // The list aims at an index until the rows there are measured: no page may join before, or it would shift.
    const timer = setTimeout(() => setTarget(null), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [target, rows, virtualizer]);

  // Whoever scrolls by hand is not led back.
  useEffect(() => {
    const element = box.current;
    const letGo = () => setTarget(null);
    const options = { passive: true };
    element?.addEventListener("wheel", letGo, options);
    element?.addEventListener("touchmove", letGo, options);
    return () => {
      element?.removeEventListener("wheel", letGo);
      element?.removeEventListener("touchmove", letGo);
    };
  }, [box]);

  useEffect(() => {
    if (!flashed) return;
    const timer = setTimeout(() => setFlashed(null), 2000);
    return () => clearTimeout(timer);
  }, [flashed]);

  const range = virtualizer.range;
  const startIndex = range?.startIndex ?? 0;
  const endIndex = range?.endIndex ?? 0;

  const loadMore = useCallback(
    async (where: "before" | "after", seq: number) => {
      if (busy.current[where] > Date.now()) return;
      busy.current[where] = Number.POSITIVE_INFINITY;
      const done = await loadMessages(id, where === "before" ? { before: seq } : { after: seq }, where);
      busy.current[where] = done ? 0 : Date.now() + RETRY_MS;
    },
    [id],
  );

  useEffect(() => {
    if (!loaded || loaded.messages.length === 0 || target) return;
    const oldest = loaded.messages[0];
    const newest = loaded.messages.at(-1);
    if (loaded.hasBefore && oldest && startIndex < ROWS_LEFT) loadMore("before", oldest.seq);
    if (loaded.hasAfter && newest && rows.length - endIndex < ROWS_LEFT) loadMore("after", newest.seq);
  }, [loaded, startIndex, endIndex, rows.length, loadMore, target]);

  const lastVisible = lastSeqUpTo(rows, endIndex);
  const readSeq = conversation.mine.read_seq;
  useEffect(() => {
    const look = () => {
      if (lastVisible > readSeq && document.visibilityState === "visible" && document.hasFocus()) {
        markRead(id, lastVisible);
      }
    };
    look();
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [id, lastVisible, readSeq]);

  // From the virtualizer's own numbers: while a page joins, the element still has the height from before.
  const left = virtualizer.getTotalSize() - (virtualizer.scrollOffset ?? 0) - (virtualizer.scrollRect?.height ?? 0);
  const atEnd = !loaded?.hasAfter && (left <= AT_END_PX || rows.length === 0);
  useStayAtEnd(box, !loaded?.hasAfter, () => virtualizer.scrollToEnd());

  const jump = useCallback(
    async (seq: number) => {
      const here = loaded && findMessage(loaded.messages, seq);
      if (!here && !(await loadMessages(id, { around: seq }, "replace"))) return;
      setTarget({ seq, flash: true, align: "center" });
    },
    [id, loaded],
  );
  const goToEnd = useCallback(async () => {
    if (loaded?.hasAfter) await loadMessages(id, {}, "replace");
    setTarget("end");
  }, [id, loaded?.hasAfter]);

  return { virtualizer, flashed, atEnd, jump, goToEnd, startIndex };
}

function lastSeqUpTo(rows: Row[], endIndex: number): number {
  for (let index = Math.min(endIndex, rows.length - 1); index >= 0; index -= 1) {
    const seq = seqOf(rows[index]);
    if (seq !== null) return seq;
  }
  return 0;
}

/** When the room for messages changes (a growing composer, a keyboard), the end stays in sight. */
function useStayAtEnd(box: RefObject<HTMLDivElement | null>, hasEnd: boolean, scrollToEnd: () => void) {
  const latest = useRef({ hasEnd, scrollToEnd });
  latest.current = { hasEnd, scrollToEnd };
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const before = height;
      height = element.clientHeight;
      // Where the end was before, because the change itself may already have moved it out of sight.
      const wasAtEnd = element.scrollHeight - element.scrollTop - before <= AT_END_PX;
      if (height !== before && wasAtEnd && latest.current.hasEnd) latest.current.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
}
