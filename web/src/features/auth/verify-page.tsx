import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { verifyEmail } from "../../api/calls";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { adoptSession, leaveFirst } from "../../realtime/session";
import { Button } from "../../ui/button";
import { AuthCard } from "./card";
import { FormError } from "./form-error";
import { useFragment } from "./fragment";
import { PasswordField } from "./password-field";
import { SignInLink } from "./sign-in-link";

const schema = () =>
  v.object({ password: v.pipe(v.string(), v.nonEmpty(i18n.t("Enter the password that you chose."))) });

/** The link proves the address, the password who registered with it: both together sign in. */
export function VerifyPage() {
  const token = useFragment();
  const [done, setDone] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [broken, setBroken] = useState(token ? null : i18n.t("It is incomplete. Copy the whole link from the mail."));
  const form = useForm({ resolver: standardSchemaResolver(schema()), defaultValues: { password: "" } });
  if (done) return <Navigate to="/" replace />;
  if (broken) return <AuthCard title={i18n.t("This link did not work")} hint={broken} footer={<SignInLink />} />;

  const submit = form.handleSubmit(async ({ password }) => {
    setRefusal(null);
    try {
      await leaveFirst();
      adoptSession(await verifyEmail({ token, password }));
      setDone(true);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : null;
      if (code === "token_invalid") setBroken(problemText(error));
      else if (code === "wrong_password")
        form.setError("password", { message: problemText(error) }, { shouldFocus: true });
      else setRefusal(problemText(error));
    }
  });
  return (
    <AuthCard
      title={i18n.t("Confirm your address")}
      hint={i18n.t(
        "Enter the password that you chose when you signed up. The mail names the account that it belongs to.",
      )}
      footer={i18n.t("You did not sign up? Close this page, and nothing happens.")}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <FormError text={refusal} />
        <PasswordField
          label={i18n.t("Password")}
          autoComplete="current-password"
          autoFocus
          error={form.formState.errors.password?.message}
          {...form.register("password")}
        />
        <Button look="primary" type="submit" wide busy={form.formState.isSubmitting}>
          {i18n.t("Confirm and sign in")}
        </Button>
      </form>
    </AuthCard>
  );
}
