import { i18n } from "@lingui/core";
import { useState } from "react";
import * as v from "valibot";
import { forgotPassword } from "../../api/calls";
import { Field } from "../../ui/field";
import { AuthCard } from "./card";
import { CardForm, useCardForm } from "./card-form";
import { SignInLink } from "./sign-in-link";

const schema = () =>
  v.object({ email: v.pipe(v.string(), v.trim(), v.email(i18n.t("Enter an address like ana@example.org."))) });

export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { field, shown } = useCardForm({
    schema: schema(),
    begin: { email: "" },
    send: async ({ email }) => {
      await forgotPassword(email);
      setSentTo(email);
    },
  });
  if (sentTo) {
    return (
      <AuthCard
        title={i18n.t("Check your mail")}
        hint={i18n.t("If there is an account with {email}, a link to set a new password is on its way.", {
          email: sentTo,
        })}
        footer={<SignInLink />}
      />
    );
  }
  return (
    <AuthCard
      title={i18n.t("Reset your password")}
      hint={i18n.t("We send a link to the email address of your account.")}
      footer={<SignInLink />}
    >
      <CardForm {...shown} action={i18n.t("Send link")}>
        <Field label={i18n.t("Email")} type="email" autoComplete="email" autoFocus {...field("email")} />
      </CardForm>
    </AuthCard>
  );
}
