import { i18n } from "@lingui/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { authOptions, resendVerification } from "../../api/calls";
import { problemText } from "../../lib/problem-text";
import { useMe } from "../../realtime/session";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { showError } from "../../ui/toast";

/** The address of this account; where mail works, whoever has not confirmed it can do so now. */
export function EmailField() {
  const me = useMe();
  const open = !me.email_verified;
  const options = useQuery({ queryKey: ["auth-options"], queryFn: authOptions, enabled: open });
  const send = useMutation({
    mutationFn: () => resendVerification(me.email),
    onError: (error) => showError(problemText(error)),
  });
  return (
    <div className="flex flex-col items-start gap-2 [&>:first-child]:w-full">
      <Field
        label={i18n.t("Email")}
        value={me.email}
        readOnly
        disabled
        hint={open ? i18n.t("Not confirmed. Only you see it.") : i18n.t("Confirmed. Only you see it.")}
      />
      {open && options.data?.mail && !send.isSuccess && (
        <Button busy={send.isPending} onClick={() => send.mutate()}>
          {i18n.t("Send confirmation link")}
        </Button>
      )}
      {open && send.isSuccess && (
        <p role="status" className="flex items-start gap-1.5 text-sm">
          <MailCheck size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden />
          {i18n.t("The link is on its way. Follow it and enter your password.")}
        </p>
      )}
    </div>
  );
}
