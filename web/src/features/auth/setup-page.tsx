import { i18n } from "@lingui/core";
import { Navigate } from "@tanstack/react-router";
import { setup } from "../../api/calls";
import { adoptSession, leaveFirst, useSession } from "../../realtime/session";
import { AccountForm } from "./account-form";
import { AuthCard } from "./card";
import { useFragment } from "./fragment";
import { presetZone } from "./preset-zone";
import { SignInLink } from "./sign-in-link";

/** The first administrator, by the link that the server printed. */
export function SetupPage() {
  const token = useFragment();
  const status = useSession((session) => session.status);
  if (status === "in") return <Navigate to="/" replace />;
  if (!token) {
    return (
      <AuthCard
        title={i18n.t("The set-up link is incomplete")}
        hint={i18n.t("Copy the whole link that the server printed when it started, with everything behind the # sign.")}
        footer={<SignInLink />}
      />
    );
  }
  return (
    <AuthCard
      title={i18n.t("Set up Convo")}
      hint={i18n.t("You become the first administrator of this server. Everyone else joins by your rules.")}
    >
      <AccountForm
        action={i18n.t("Create administrator")}
        onSubmit={async (account) => {
          await leaveFirst();
          adoptSession(
            await setup({ ...account, full_name: account.full_name || undefined, language: i18n.locale, token }),
          );
          presetZone();
        }}
      />
    </AuthCard>
  );
}
