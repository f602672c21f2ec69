import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";

export function SignInLink() {
  return (
    <Link to="/login" className="font-medium text-accent underline-offset-2 hover:underline">
      {i18n.t("Sign in")}
    </Link>
  );
}
