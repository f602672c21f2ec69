import { i18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import { codeText } from "../../../lib/problem-text";
import { useSession } from "../../../realtime/session";

/** The number is on the suppression list: an administrator can take it off, everybody else asks one. */
export function Suppressed() {
  const admin = useSession((session) => session.me?.role === "admin");
  if (!admin) return <span className="text-danger">{codeText("suppressed")}</span>;
  return (
    <>
      <span className="text-danger">{i18n.t("This number is on the suppression list of this server.")}</span>
      <Link
        to="/admin/suppressions"
        className="inline-flex min-h-7 items-center px-2 font-semibold text-accent underline underline-offset-2 touch:min-h-11"
      >
        {i18n.t("Open suppression list")}
      </Link>
    </>
  );
}
