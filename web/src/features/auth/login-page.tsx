import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import * as v from "valibot";
import { authOptions, login } from "../../api/calls";
import { adoptSession, leaveFirst, useSession } from "../../realtime/session";
import { Field } from "../../ui/field";
import { AuthCard } from "./card";
import { CardForm, useCardForm } from "./card-form";
import { PasswordField } from "./password-field";

const ENDED: Record<string, () => string> = {
  ended: () => i18n.t("This session was ended from another device."),
  password_changed: () => i18n.t("Your password was changed. Sign in with the new one."),
  suspended: () => i18n.t("This account is suspended. Ask your administrator."),
  refresh_reused: () => i18n.t("For your safety this session was ended. Sign in again."),
  left_unheard: () =>
    i18n.t(
      "You are signed out on this device. The server could not be reached: it hears of it when you are back online.",
    ),
  expired: () => i18n.t("You were away for a while. Sign in again."),
};

const schema = () =>
  v.object({
    login: v.pipe(v.string(), v.trim(), v.nonEmpty(i18n.t("Enter your user name or email address."))),
    password: v.pipe(v.string(), v.nonEmpty(i18n.t("Enter your password."))),
  });

const link = "font-medium text-accent underline-offset-2 hover:underline";

export function LoginPage() {
  const { next } = useSearch({ from: "/login" });
  const router = useRouter();
  // As it was on coming here: on the way to the next place it is gone already.
  const [left] = useState(router.state.location.state.left);
  const me = useSession((session) => session.me);
  const endedBy = useSession((session) => session.endedBy);
  const options = useQuery({ queryKey: ["auth-options"], queryFn: authOptions });
  const { field, shown } = useCardForm({
    schema: schema(),
    begin: { login: "", password: "" },
    refused: "password",
    send: async (values) => {
      await leaveFirst();
      adoptSession(await login(values));
    },
  });
  // Where somebody was is for the same person only.
  if (me) return <Navigate to={next ?? (left?.person === me.id ? left.href : "/")} replace />;

  const mayRegister = options.data && ["open", "domain"].includes(options.data.registration);
  return (
    <AuthCard
      title={i18n.t("Sign in")}
      hint={endedBy ? ENDED[endedBy]?.() : options.data?.setup_required ? <SetupHint /> : undefined}
      footer={
        mayRegister && (
          <>
            {i18n.t("New here?")}{" "}
            <Link to="/register" className={link}>
              {i18n.t("Create an account")}
            </Link>
          </>
        )
      }
    >
      <CardForm
        {...shown}
        action={i18n.t("Sign in")}
        below={
          options.data?.mail && (
            <Link to="/forgot" className={`${link} self-center py-1 text-sm`}>
              {i18n.t("Forgot your password?")}
            </Link>
          )
        }
      >
        <Field
          label={i18n.t("User name or email")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          {...field("login")}
        />
        <PasswordField label={i18n.t("Password")} autoComplete="current-password" {...field("password")} />
      </CardForm>
    </AuthCard>
  );
}

function SetupHint() {
  return (
    <>
      {i18n.t(
        "This server has no administrator yet. Open the set-up link that it printed when it started, on its own screen or in its log.",
      )}
    </>
  );
}
