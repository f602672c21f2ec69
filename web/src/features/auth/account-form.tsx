import { i18n } from "@lingui/core";
import { useWatch } from "react-hook-form";
import * as v from "valibot";
import { Field } from "../../ui/field";
import { CardForm, useCardForm } from "./card-form";
import { PasswordField } from "./password-field";
import { MIN_PASSWORD, PasswordRules, USERNAME, UsernameRules, usernameRule } from "./rules";

export type Account = { full_name: string; username: string; email: string; password: string };

const schema = () =>
  v.object({
    full_name: v.pipe(v.string(), v.trim()),
    username: v.pipe(v.string(), v.trim(), v.regex(USERNAME, usernameRule())),
    email: v.pipe(v.string(), v.trim(), v.email(i18n.t("Enter an address like ana@example.org."))),
    password: v.pipe(
      v.string(),
      v.minLength(MIN_PASSWORD, i18n.t("Use at least {count} characters.", { count: MIN_PASSWORD })),
    ),
  });

type Props = { action: string; onSubmit: (account: Account) => Promise<void>; emailHint?: string };

/** Name, address and password of a new account, with rules that tick off while typing. */
export function AccountForm({ action, onSubmit, emailHint }: Props) {
  const { field, control, shown } = useCardForm<Account>({
    schema: schema(),
    begin: { full_name: "", username: "", email: "", password: "" },
    mode: "onTouched",
    send: onSubmit,
  });
  const [username, email, password] = useWatch({ control, name: ["username", "email", "password"] });
  const name = field("username");
  const refused = Boolean(name.error);
  // How a name is written stands in its rules already; only what the server says is news.
  const isMisspelt = refused && !USERNAME.test(username.trim());
  return (
    <CardForm {...shown} action={action}>
      <Field label={i18n.t("Full name (optional)")} autoComplete="name" {...field("full_name")} />
      <Field
        label={i18n.t("User name")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={<UsernameRules username={username.trim()} refused={refused} />}
        {...name}
        error={isMisspelt ? null : name.error}
        aria-invalid={refused || undefined}
      />
      <Field label={i18n.t("Email")} type="email" autoComplete="email" hint={emailHint} {...field("email")} />
      <PasswordField
        label={i18n.t("Password")}
        autoComplete="new-password"
        hint={<PasswordRules password={password} username={username} email={email} />}
        {...field("password")}
      />
    </CardForm>
  );
}
