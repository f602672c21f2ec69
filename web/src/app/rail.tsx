import { i18n } from "@lingui/core";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import {
  Inbox,
  Keyboard,
  LayoutDashboard,
  LogOut,
  type LucideIcon,
  MessageSquareCode,
  Phone,
  Settings,
  ShieldCheck,
} from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { cx } from "../lib/cx";
import { useChatStore } from "../realtime/chat-store";
import { unsentCount } from "../realtime/outbox";
import { signOut, useMe } from "../realtime/session";
import { countUnreadConversations } from "../realtime/unread";
import { Avatar } from "../ui/avatar";
import { Confirm } from "../ui/dialog";
import { Menu } from "../ui/menu";
import { openShortcutSheet } from "./shortcut-sheet";

const itemLook =
  "relative flex min-h-14 grow flex-col items-center justify-center gap-0.5 text-2xs font-medium transition md:min-h-13 md:w-14 md:grow-0 md:rounded-card";
const restLook = "text-muted hover:text-ink md:hover:bg-hover";
const activeLook = "text-accent md:bg-selected";

function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="tabular absolute -end-2.5 -top-1.5 min-w-4.5 rounded-full bg-accent px-1 text-center text-2xs font-semibold text-on-accent">
      {count > 99 ? "99+" : count}
    </span>
  );
}

type ItemProps = {
  to: "/" | "/numbers" | "/verifications" | "/dashboard" | "/admin/users";
  active: boolean;
  label: string;
  icon: LucideIcon;
  children?: ReactNode;
};

function Item({ to, label, icon: Icon, active, children }: ItemProps) {
  return (
    <Link to={to} aria-current={active ? "true" : undefined} className={cx(itemLook, active ? activeLook : restLook)}>
      <span className="relative">
        <Icon size={20} strokeWidth={1.75} aria-hidden />
        {children}
      </span>
      {label}
    </Link>
  );
}

export function Rail({ hiddenWhenNarrow }: { hiddenWhenNarrow: boolean }) {
  const me = useMe();
  const unread = useChatStore((store) => countUnreadConversations(store.chat));
  const { pathname } = useLocation();
  const admin = pathname.startsWith("/admin");
  const numbers = pathname.startsWith("/numbers");
  const dashboard = pathname.startsWith("/dashboard");
  const verifications = pathname.startsWith("/verifications");
  const inbox = !admin && !numbers && !verifications && !dashboard && !pathname.startsWith("/settings");
  return (
    <nav
      aria-label={i18n.t("Main")}
      className={cx(
        "shrink-0 border-line bg-canvas md:flex md:w-16 md:flex-col md:items-center md:gap-1 md:border-e md:py-2",
        hiddenWhenNarrow ? "hidden" : "flex border-t pb-[env(safe-area-inset-bottom)] md:border-t-0",
      )}
    >
      <Item to="/" active={inbox} label={i18n.t("Inbox")} icon={Inbox}>
        <Badge count={unread} />
        {unread > 0 && (
          <span className="sr-only">
            {i18n.t("{count, plural, one {# unread conversation} other {# unread conversations}}", { count: unread })}
          </span>
        )}
      </Item>
      <Item to="/numbers" active={numbers} label={i18n.t("Numbers")} icon={Phone} />
      <Item to="/verifications" active={verifications} label={i18n.t("Codes")} icon={MessageSquareCode} />
      <Item to="/dashboard" active={dashboard} label={i18n.t("Overview")} icon={LayoutDashboard} />
      {me.role === "admin" && <Item to="/admin/users" active={admin} label={i18n.t("Admin")} icon={ShieldCheck} />}
      <span className="hidden grow md:block" />
      <MeButton />
    </nav>
  );
}

function MeButton() {
  const me = useMe();
  const navigate = useNavigate();
  const ref = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [unsent, setUnsent] = useState(0);
  const { pathname } = useLocation();
  const name = me.full_name || me.username;
  const leave = () => {
    const count = unsentCount();
    if (count > 0) setUnsent(count);
    else signOut();
  };
  const header = (
    <div className="mb-1 border-b border-line px-2.5 pt-1.5 pb-2.5">
      <p className="truncate font-semibold">{name}</p>
      <p className="truncate text-muted">@{me.username}</p>
    </div>
  );
  return (
    <>
      <button
        ref={ref}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        className={cx(itemLook, pathname.startsWith("/settings") ? activeLook : restLook)}
        onClick={() => setOpen(true)}
      >
        <Avatar id={me.id} name={name} url={me.avatar_url} size="sm" className="md:size-9 md:text-sm" />
        <span aria-hidden className="md:hidden">
          {i18n.t("You")}
        </span>
        <span className="sr-only">{i18n.t("Your account: {name}", { name })}</span>
      </button>
      {open && ref.current && (
        <Menu
          anchor={ref.current}
          label={i18n.t("Your account")}
          header={header}
          side={window.innerWidth < 768 ? "top" : "inline-end"}
          align="end"
          onClose={() => setOpen(false)}
          items={[
            { label: i18n.t("Settings"), icon: Settings, run: () => navigate({ to: "/settings/profile" }) },
            { label: i18n.t("Keyboard shortcuts"), icon: Keyboard, keys: "?", run: openShortcutSheet },
            { label: i18n.t("Sign out"), icon: LogOut, run: leave },
          ]}
        />
      )}
      {unsent > 0 && (
        <Confirm
          title={i18n.t("Sign out with unsent messages?")}
          text={i18n.t(
            "{count, plural, one {One message has not been sent. It stays on this device and goes out when you sign in here again.} other {# messages have not been sent. They stay on this device and go out when you sign in here again.}}",
            { count: unsent },
          )}
          action={i18n.t("Sign out")}
          onConfirm={signOut}
          onClose={() => setUnsent(0)}
        />
      )}
    </>
  );
}
