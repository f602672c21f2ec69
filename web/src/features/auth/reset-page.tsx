import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import * as v from "valibot";
import { resetPassword } from "../../api/calls";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { AuthCard } from "./card";
import { FormError } from "./form-error";
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
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ resolver: standardSchemaResolver(schema()), defaultValues: { password: "" } });
  const password = useWatch({ control: form.control, name: "password" });
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
  const submit = form.handleSubmit(async (values) => {
    setRefusal(null);
    try {
      await resetPassword(token, values.password);
      setDone(true);
    } catch (error) {
      setRefusal(problemText(error));
    }
  });
  return (
    <AuthCard title={i18n.t("Choose a new password")} footer={<SignInLink />}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <FormError text={refusal} />
        <PasswordField
          label={i18n.t("New password")}
          autoComplete="new-password"
          error={form.formState.errors.password?.message}
          hint={<PasswordRules password={password} />}
          {...form.register("password")}
        />
        <Button look="primary" type="submit" wide busy={form.formState.isSubmitting}>
          {i18n.t("Change password")}
        </Button>
      </form>
    </AuthCard>
  );
}
