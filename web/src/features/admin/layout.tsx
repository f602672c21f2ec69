import { i18n } from "@lingui/core";
import { Link, Outlet } from "@tanstack/react-router";
import {
  Activity,
  ListTodo,
  Lock,
  Mail,
  MessageCircleQuestion,
  RadioTower,
  ShieldBan,
  Ticket,
  UsersRound,
} from "lucide-react";
import { useMe } from "../../realtime/session";
import { Empty } from "../../ui/empty";
import { SectionLayout, sectionLink } from "../../ui/section-layout";

export function AdminLayout() {
  const me = useMe();
  if (me.role !== "admin") {
    return (
      <main className="h-full bg-canvas">
        <Empty page icon={Lock} text={i18n.t("Only administrators see this. Ask one of them.")}>
          <Link to="/" className="font-medium text-accent underline underline-offset-2">
            {i18n.t("Go to the inbox")}
          </Link>
        </Empty>
      </main>
    );
  }
  const pages = [
    { to: "/admin/users", icon: UsersRound, label: i18n.t("Users") },
    { to: "/admin/invitations", icon: Ticket, label: i18n.t("Invitations") },
    { to: "/admin/carriers", icon: RadioTower, label: i18n.t("Carriers") },
    { to: "/admin/mails", icon: Mail, label: i18n.t("Mail outbox") },
    { to: "/admin/suppressions", icon: ShieldBan, label: i18n.t("Suppression list") },
    { to: "/admin/texts", icon: MessageCircleQuestion, label: i18n.t("Texts without news") },
    { to: "/admin/jobs", icon: ListTodo, label: i18n.t("Jobs") },
    { to: "/admin/health", icon: Activity, label: i18n.t("Health") },
  ] as const;
  return (
    <SectionLayout
      title={i18n.t("Admin")}
      nav={pages.map(({ to, icon: Icon, label }) => (
        <li key={to}>
          <Link to={to} className={sectionLink} activeOptions={{ includeSearch: false }}>
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
