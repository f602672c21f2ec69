import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { authOptions, checkInvitation, register, resendVerification } from "../../api/calls";
import { formatList } from "../../lib/format";
import { problemText } from "../../lib/problem-text";
import { adoptSession, leaveFirst, useSession } from "../../realtime/session";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { AccountForm } from "./account-form";
import { AuthCard } from "./card";
import { useFragment } from "./fragment";
import { presetZone } from "./preset-zone";
import { SignInLink } from "./sign-in-link";

export function RegisterPage() {
  const fragment = useFragment();
  const invitation = new URLSearchParams(fragment).get("invite") ?? (fragment || undefined);
  const status = useSession((session) => session.status);
  const options = useQuery({ queryKey: ["auth-options"], queryFn: authOptions });
  const invited = useQuery({
    queryKey: ["invitation", invitation],
    queryFn: () => checkInvitation(invitation ?? ""),
    enabled: invitation !== undefined,
  });
  const [sentTo, setSentTo] = useState<string | null>(null);

  if (status === "in") return <Navigate to="/" replace />;
  if (sentTo) return <CheckMail email={sentTo} />;
  if (options.isError) {
    return (
      <AuthCard title={i18n.t("Create an account")}>
        <Failure text={problemText(options.error)} onRetry={() => options.refetch()} />
      </AuthCard>
    );
  }
  if (!options.data || (invitation && invited.isPending)) return <AuthCard title={i18n.t("Create an account")} />;

  const { registration, domains } = options.data;
  if (invitation && invited.data && !invited.data.valid) {
    return (
      <AuthCard
        title={i18n.t("This invitation does not work any more")}
        hint={i18n.t("It is used up, taken back or out of date. Ask for a new one.")}
        footer={<SignInLink />}
      />
    );
  }
  if (!invitation && (registration === "invitation" || registration === "closed")) {
    return (
      <AuthCard
        title={i18n.t("You need an invitation")}
        hint={
          registration === "closed"
            ? i18n.t("This server does not take new accounts.")
            : i18n.t("Ask somebody who runs this server for an invitation link.")
        }
        footer={<SignInLink />}
      />
    );
  }
  return (
    <AuthCard
      title={i18n.t("Create an account")}
      hint={invited.data?.invited_by ? i18n.t("{name} invited you.", { name: invited.data.invited_by }) : undefined}
      footer={
        <>
          {i18n.t("Already have an account?")} <SignInLink />
        </>
      }
    >
      <AccountForm
        action={i18n.t("Create account")}
        emailHint={
          registration === "domain" && !invitation && domains.length > 0
            ? i18n.t("An address at {domains}.", { domains: formatList(domains) })
            : undefined
        }
        onSubmit={async (account) => {
          await leaveFirst();
          const full_name = account.full_name || undefined;
          const answer = await register({ ...account, full_name, language: i18n.locale, invitation });
          if ("access_token" in answer) {
            adoptSession(answer);
            presetZone();
          } else setSentTo(account.email);
        }}
      />
    </AuthCard>
  );
}

function CheckMail({ email }: { email: string }) {
  const [again, setAgain] = useState<"no" | "busy" | "sent">("no");
  return (
    <AuthCard
      title={i18n.t("Check your mail")}
      hint={i18n.t("We sent a link to {email}. Follow it to finish your account.", { email })}
      footer={<SignInLink />}
    >
      <div className="flex flex-col items-center gap-5">
        <MailCheck size={40} strokeWidth={1.4} className="text-accent" aria-hidden />
        <Button
          busy={again === "busy"}
          disabled={again === "sent"}
          onClick={async () => {
            setAgain("busy");
            await resendVerification(email).catch(() => undefined);
            setAgain("sent");
          }}
        >
          {again === "sent" ? i18n.t("Sent again") : i18n.t("Send the mail again")}
        </Button>
      </div>
    </AuthCard>
  );
}
