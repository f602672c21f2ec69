import type { ReactNode } from "react";

// What ends a sentence is no part of an address in it.
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/;

/** A text as a phone shows it: every sign is meant, and only addresses are more than that. */
export function PlainText({ text, tail }: { text: string; tail?: ReactNode }) {
  return (
    <p className="whitespace-pre-wrap">
      {text.split(ADDRESS).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          <a key={index} href={part} target="_blank" rel="noopener noreferrer" className="underline underline-offset-2">
            {part}
          </a>
        ) : (
          part
        ),
      )}
      {tail}
    </p>
  );
}
