import { i18n } from "@lingui/core";
import type { Verification, VerificationText } from "../../../api/types";
import { formatExact, formatMoment } from "../../../lib/format";
import { formatParty } from "../../../lib/phone";
import { problemText } from "../../../lib/problem-text";
import { CopyButton } from "../../../ui/copy-button";
import { Dialog } from "../../../ui/dialog";
import { Failure } from "../../../ui/failure";
import { SkeletonRows } from "../../../ui/skeleton";
import { useCodes } from "../queries";
import { Mark } from "./mark";

type Props = { id: string; known?: Verification; onClose: () => void };

/** Every text that came for one of them. */
export function TextsDialog({ id, known, onClose }: Props) {
  const codes = useCodes(id);
  const title = known ? i18n.t("Texts for {service}", { service: known.service_name }) : i18n.t("Texts");
  return (
    <Dialog title={title} onClose={onClose}>
      {codes.isPending && <SkeletonRows count={2} avatar={false} />}
      {codes.isError && <Failure text={problemText(codes.error)} onRetry={() => codes.refetch()} />}
      {codes.data?.length === 0 && <p className="text-sm text-muted">{i18n.t("No text came.")}</p>}
      <ul className="flex flex-col gap-4">
        {codes.data?.map((text) => (
          <Text key={text.id} text={text} />
        ))}
      </ul>
    </Dialog>
  );
}

function Text({ text: { from, text, code, late, received_at } }: { text: VerificationText }) {
  return (
    <li className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
        <span className="font-medium text-ink">{formatParty(from)}</span>
        <time dateTime={received_at} title={formatExact(received_at)}>
          {formatMoment(received_at)}
        </time>
        {late && <Mark>{i18n.t("Came late")}</Mark>}
      </p>
      {text === null ? (
        <p className="text-sm text-muted">
          {i18n.t("It came when nobody waited any more, and the number was not paid for, so it is not shown.")}
        </p>
      ) : (
        <p dir="auto" className="rounded-bubble bg-hover px-3 py-2 break-words whitespace-pre-wrap">
          {text}
        </p>
      )}
      {code && (
        <div className="flex items-center gap-3">
          <code className="text-lg font-semibold">{code}</code>
          <CopyButton text={code} label={i18n.t("Copy code")} />
        </div>
      )}
    </li>
  );
}
