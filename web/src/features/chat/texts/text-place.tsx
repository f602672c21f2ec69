import { useMemo } from "react";
import type { Line } from "../../../api/types";
import { MAX_SEGMENTS, splitText } from "../../../lib/segments";
import { Composer, type Phone } from "../composer/composer";
import type { PlaceProps } from "../composer/composer-place";
import { useDraft } from "../drafts";
import { obstacleOf } from "./may-text";
import { useOwnNumber, useTextPrice } from "./queries";
import { TextBanner } from "./text-banner";
import { TextMeter } from "./text-meter";

/** Where one writes to a phone and to colleagues beside it, or why one cannot. */
export function TextPlace({ conversation, line, ...rest }: PlaceProps & { line: Line }) {
  const { id } = conversation;
  const number = useOwnNumber(line);
  const obstacle = obstacleOf(conversation, number);
  const price = useTextPrice(id, obstacle === null);
  const [draft, setDraft] = useDraft(rest.me, id);
  const phone = useMemo<Phone>(
    () => ({
      notesOnly: obstacle !== null,
      measure: (body) => {
        const split = splitText(body);
        const count = split.segments.length;
        return {
          tooLong: count > MAX_SEGMENTS,
          priceMicros: price && price.segment_micros * count,
          meter: (props) => <TextMeter {...props} split={split} price={price} />,
        };
      },
    }),
    [obstacle, price],
  );
  const writes = obstacle === null || (obstacle !== "reader" && (draft.note === true || rest.editing !== null));
  const beginNote = () => {
    setDraft({ note: true });
    requestAnimationFrame(() => rest.field.current?.focus());
  };
  return (
    <>
      {obstacle && (
        <TextBanner
          obstacle={obstacle}
          line={line}
          number={number}
          onNote={writes || obstacle === "reader" ? null : beginNote}
        />
      )}
      {writes && <Composer conversationId={id} phone={phone} {...rest} />}
    </>
  );
}
