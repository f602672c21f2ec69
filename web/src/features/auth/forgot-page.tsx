import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { forgotPassword } from "../../api/calls";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { AuthCard } from "./card";
import { FormError } from "./form-error";
import { SignInLink } from "./sign-in-link";

const schema = () =>
  v.object({ email: v.pipe(v.string(), v.trim(), v.email(i18n.t("Enter an address like ana@example.org."))) });

export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ resolver: standardSchemaResolver(schema()), defaultValues: { email: "" } });
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
  const submit = form.handleSubmit(async ({ email }) => {
    setRefusal(null);
    try {
      await forgotPassword(email);
      setSentTo(email);
    } catch (error) {
      setRefusal(problemText(error));
    }
  });
  return (
    <AuthCard
      title={i18n.t("Reset your password")}
      hint={i18n.t("We send a link to the email address of your account.")}
      footer={<SignInLink />}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <FormError text={refusal} />
        <Field
          label={i18n.t("Email")}
          type="email"
          autoComplete="email"
          autoFocus
          error={form.formState.errors.email?.message}
          {...form.register("email")}
        />
        <Button look="primary" type="submit" wide busy={form.formState.isSubmitting}>
          {i18n.t("Send link")}
        </Button>
      </form>
    </AuthCard>
  );
}
