import { i18n } from "@lingui/core";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Hash, Smartphone, Store } from "lucide-react";
import { SectionLayout, sectionLink } from "../../ui/section-layout";
import { Balance } from "./components/balance";

export function NumbersLayout() {
  const { pathname } = useLocation();
  const isOne = pathname.startsWith("/numbers/num_");
  const pages = [
    { to: "/numbers", icon: Hash, label: i18n.t("My numbers"), exact: true },
    { to: "/numbers/market", icon: Store, label: i18n.t("Marketplace"), exact: false },
    { to: "/numbers/handsets", icon: Smartphone, label: i18n.t("Handsets"), exact: false },
  ] as const;
  return (
    <SectionLayout
      title={i18n.t("Numbers")}
      aside={<Balance />}
      nav={pages.map(({ to, icon: Icon, label, exact }) => (
        <li key={to}>
          <Link
            to={to}
            className={sectionLink}
            aria-current={exact && isOne ? "page" : undefined}
            activeOptions={{ includeSearch: false, exact }}
          >
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
