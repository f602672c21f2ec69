import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import * as v from "valibot";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FormError } from "./form-error";
import { PasswordField } from "./password-field";
import { MIN_PASSWORD, PasswordRules, USERNAME, UsernameRules } from "./rules";

export type Account = { full_name: string; username: string; email: string; password: string };

const schema = () =>
  v.object({
    full_name: v.pipe(v.string(), v.trim()),
    username: v.pipe(
      v.string(),
      v.trim(),
      v.regex(USERNAME, i18n.t("Use 3 to 30 letters, digits, dots, dashes or underscores.")),
    ),
    email: v.pipe(v.string(), v.trim(), v.email(i18n.t("Enter an address like ana@example.org."))),
    password: v.pipe(
      v.string(),
      v.minLength(MIN_PASSWORD, i18n.t("Use at least {count} characters.", { count: MIN_PASSWORD })),
    ),
  });

const FIELDS = ["full_name", "username", "email", "password"] as const;

type Props = { action: string; onSubmit: (account: Account) => Promise<void>; emailHint?: string };

/** Name, address and password of a new account, with rules that tick off while typing. */
export function AccountForm({ action, onSubmit, emailHint }: Props) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<Account>({
    resolver: standardSchemaResolver(schema()),
    mode: "onTouched",
    defaultValues: { full_name: "", username: "", email: "", password: "" },
  });
  const [username, email, password] = useWatch({ control: form.control, name: ["username", "email", "password"] });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (account) => {
    setRefusal(null);
    try {
      await onSubmit(account);
    } catch (error) {
      const field = FIELDS.find((name) => error instanceof ApiError && error.problem.field === name);
      if (field) form.setError(field, { message: problemText(error) }, { shouldFocus: true });
      else setRefusal(problemText(error));
    }
  });

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <FormError text={refusal} />
      <Field
        label={i18n.t("Full name (optional)")}
        autoComplete="name"
        error={errors.full_name?.message}
        {...form.register("full_name")}
      />
      <Field
        label={i18n.t("User name")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        error={errors.username?.message}
        hint={<UsernameRules username={username} />}
        {...form.register("username")}
      />
      <Field
        label={i18n.t("Email")}
        type="email"
        autoComplete="email"
        error={errors.email?.message}
        hint={emailHint}
        {...form.register("email")}
      />
      <PasswordField
        label={i18n.t("Password")}
        autoComplete="new-password"
        error={errors.password?.message}
        hint={<PasswordRules password={password} username={username} email={email} />}
        {...form.register("password")}
      />
      <Button look="primary" type="submit" wide busy={isSubmitting}>
        {action}
      </Button>
    </form>
  );
}
