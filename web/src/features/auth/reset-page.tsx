import { i18n } from "@lingui/core";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import * as v from "valibot";
import { resetPassword } from "../../api/calls";
import { AuthCard } from "./card";
import { CardForm, useCardForm } from "./card-form";
import { useFragment } from "./fragment";
import { PasswordField } from "./password-field";
import { MIN_PASSWORD, PasswordRules } from "./rules";
import { SignInLink } from "./sign-in-link";

const schema = () =>
  v.object({
    password: v.pipe(
      v.string(),
      v.minLength(MIN_PASSWORD, i18n.t("Use at least {count} characters.", { count: MIN_PASSWORD })),
    ),
  });

export function ResetPage() {
  const token = useFragment();
  const [done, setDone] = useState(false);
  const { field, control, shown } = useCardForm({
    schema: schema(),
    begin: { password: "" },
    send: async (values) => {
      await resetPassword(token, values.password);
      setDone(true);
    },
  });
  const password = useWatch({ control, name: "password" });
  if (done) {
    return (
      <AuthCard
        title={i18n.t("Your password is changed")}
        hint={i18n.t("All devices were signed out. Sign in with the new password.")}
        footer={<SignInLink />}
      />
    );
  }
  if (!token) {
    return (
      <AuthCard
        title={i18n.t("This link did not work")}
        hint={i18n.t("It is incomplete. Copy the whole link from the mail.")}
        footer={<SignInLink />}
      />
    );
  }
  return (
    <AuthCard title={i18n.t("Choose a new password")} footer={<SignInLink />}>
      <CardForm {...shown} action={i18n.t("Change password")}>
        <PasswordField
          label={i18n.t("New password")}
          autoComplete="new-password"
          hint={<PasswordRules password={password} />}
          {...field("password")}
        />
      </CardForm>
    </AuthCard>
  );
}
