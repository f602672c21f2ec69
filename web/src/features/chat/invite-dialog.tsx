import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { createInvitation } from "../../api/calls";
import { problemText } from "../../lib/problem-text";
import { CopyButton } from "../../ui/copy-button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";

export const FIRST_INVITATION = ["first-invitation"];

/** Makes a link for one person, and shows it once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invitation = useQuery({
    queryKey: FIRST_INVITATION,
    queryFn: () => createInvitation({ max_uses: 1 }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const url = invitation.data?.url ?? "";
  return (
    <Dialog
      title={i18n.t("Invite a colleague")}
      description={i18n.t("Send this link to one person. It works once, for seven days.")}
      onClose={onClose}
      footer={url && <CopyButton text={url} label={i18n.t("Copy link")} />}
    >
      {invitation.isError ? (
        <Failure text={problemText(invitation.error)} onRetry={() => invitation.refetch()} />
      ) : (
        <Field
          label={i18n.t("Invitation link")}
          readOnly
          value={url}
          className="font-mono text-sm"
          onFocus={(event) => event.target.select()}
        />
      )}
    </Dialog>
  );
}
