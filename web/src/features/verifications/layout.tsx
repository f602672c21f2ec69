import { i18n } from "@lingui/core";
import { Link, Outlet } from "@tanstack/react-router";
import { ChartLine, MessageSquareCode } from "lucide-react";
import { SectionLayout, sectionLink } from "../../ui/section-layout";

export function VerificationsLayout() {
  const pages = [
    { to: "/verifications", icon: MessageSquareCode, label: i18n.t("Codes"), exact: true },
    { to: "/verifications/figures", icon: ChartLine, label: i18n.t("Figures"), exact: false },
  ] as const;
  return (
    <SectionLayout
      title={i18n.t("Codes")}
      nav={pages.map(({ to, icon: Icon, label, exact }) => (
        <li key={to}>
          <Link to={to} className={sectionLink} activeOptions={{ includeSearch: false, exact }}>
            <Icon size={17} aria-hidden className="shrink-0" />
            {label}
          </Link>
        </li>
      ))}
    >
      <Outlet />
    </SectionLayout>
  );
}
