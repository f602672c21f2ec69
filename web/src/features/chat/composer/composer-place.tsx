import { type ComponentProps, lazy, Suspense } from "react";
import type { Conversation } from "../../../api/types";
import { Composer } from "./composer";

// What a phone makes different is no part of what a conversation among people needs.
const TextPlace = lazy(() => import("../texts/text-place").then((module) => ({ default: module.TextPlace })));

export type PlaceProps = Omit<ComponentProps<typeof Composer>, "conversationId" | "phone"> & {
  conversation: Conversation;
};

/** Where one writes. */
export function ComposerPlace({ conversation, ...rest }: PlaceProps) {
  if (!conversation.line) return <Composer conversationId={conversation.id} {...rest} />;
  return (
    <Suspense fallback={<div className="h-21.5 shrink-0 touch:h-23.5" />}>
      <TextPlace conversation={conversation} line={conversation.line} {...rest} />
    </Suspense>
  );
}
