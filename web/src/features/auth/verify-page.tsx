import { i18n } from "@lingui/core";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import * as v from "valibot";
import { verifyEmail } from "../../api/calls";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { adoptSession, leaveFirst } from "../../realtime/session";
import { AuthCard } from "./card";
import { CardForm, useCardForm } from "./card-form";
import { useFragment } from "./fragment";
import { PasswordField } from "./password-field";
import { SignInLink } from "./sign-in-link";

const schema = () =>
  v.object({ password: v.pipe(v.string(), v.nonEmpty(i18n.t("Enter the password that you chose."))) });

/** The link proves the address, the password who registered with it: both together sign in. */
export function VerifyPage() {
  const token = useFragment();
  const [done, setDone] = useState(false);
  const [broken, setBroken] = useState(token ? null : i18n.t("It is incomplete. Copy the whole link from the mail."));
  const { field, shown } = useCardForm({
    schema: schema(),
    begin: { password: "" },
    send: async ({ password }) => {
      try {
        await leaveFirst();
        adoptSession(await verifyEmail({ token, password }));
        setDone(true);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "token_invalid") throw error;
        setBroken(problemText(error));
      }
    },
  });
  if (done) return <Navigate to="/" replace />;
  if (broken) return <AuthCard title={i18n.t("This link did not work")} hint={broken} footer={<SignInLink />} />;

  return (
    <AuthCard
      title={i18n.t("Confirm your address")}
      hint={i18n.t(
        "Enter the password that you chose when you signed up. The mail names the account that it belongs to.",
      )}
      footer={i18n.t("You did not sign up? Close this page, and nothing happens.")}
    >
      <CardForm {...shown} action={i18n.t("Confirm and sign in")}>
        <PasswordField label={i18n.t("Password")} autoComplete="current-password" autoFocus {...field("password")} />
      </CardForm>
    </AuthCard>
  );
}
