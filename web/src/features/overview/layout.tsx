import { i18n } from "@lingui/core";
import { Link, Outlet } from "@tanstack/react-router";
import { LayoutDashboard, ScrollText } from "lucide-react";
import { SectionLayout, sectionLink } from "../../ui/section-layout";

export function OverviewLayout() {
  const pages = [
    { to: "/dashboard", icon: LayoutDashboard, label: i18n.t("At a glance") },
    { to: "/dashboard/activity", icon: ScrollText, label: i18n.t("Activity") },
  ] as const;
  return (
    <SectionLayout
      title={i18n.t("Overview")}
      nav={pages.map(({ to, icon: Icon, label }) => (
        <li key={to}>
          <Link to={to} className={sectionLink} activeOptions={{ exact: true, includeSearch: false }}>
            <Icon size={17} aria-hidden />
            {label}
          </Link>
        </li>
      ))}
    >
      <Outlet />
    </SectionLayout>
  );
}
