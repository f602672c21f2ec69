import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { verifyEmail } from "../../api/calls";
import { isTemporary } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { AuthCard } from "./card";
import { useFragment } from "./fragment";
import { SignInLink } from "./sign-in-link";

export function VerifyPage() {
  const token = useFragment();
  const check = useQuery({
    queryKey: ["verify-email", token],
    queryFn: () => verifyEmail(token),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (check.isPending) return <AuthCard title={i18n.t("Confirming your address…")} />;
  if (check.isError) {
    return (
      <AuthCard title={i18n.t("This link did not work")} hint={problemText(check.error)} footer={<SignInLink />}>
        {isTemporary(check.error) && <Button onClick={() => check.refetch()}>{i18n.t("Try again")}</Button>}
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={i18n.t("Your address is confirmed")}
      hint={i18n.t("Welcome, {name}. You can sign in now.", { name: check.data.username })}
      footer={<SignInLink />}
    />
  );
}
