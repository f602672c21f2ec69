import { i18n } from "@lingui/core";
import { Link, Outlet } from "@tanstack/react-router";
import { KeyRound, MonitorSmartphone, Palette, UserRound, WalletCards } from "lucide-react";
import { SectionLayout, sectionLink } from "../../ui/section-layout";

export function SettingsLayout() {
  const pages = [
    { to: "/settings/profile", icon: UserRound, label: i18n.t("Profile") },
    { to: "/settings/appearance", icon: Palette, label: i18n.t("Appearance") },
    { to: "/settings/password", icon: KeyRound, label: i18n.t("Password") },
    { to: "/settings/sessions", icon: MonitorSmartphone, label: i18n.t("Devices") },
    { to: "/settings/wallet", icon: WalletCards, label: i18n.t("Wallet") },
  ] as const;
  return (
    <SectionLayout
      title={i18n.t("Settings")}
      nav={pages.map(({ to, icon: Icon, label }) => (
        <li key={to}>
          <Link to={to} className={sectionLink}>
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
