// Every screen, as a table of contents.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readCodesSearch } from "../lib/codes-search";
import { withWords } from "../lib/language";
import { readMarketSearch } from "../lib/market-search";
import { Crashed } from "./error-boundary";
import { NotFound } from "./not-found";
import { Shell } from "./shell";

/** The router's own would load the whole page anew when a piece is missing, even if the server is only away. */
const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((cause: unknown) => {
        throw new Error("A piece of the client could not be loaded", { cause });
      }),
    name,
  );

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const parent = () => root;

const login = createRoute({
  getParentRoute: parent,
  path: "/login",
  component: lazyPage(() => import("../features/auth/login-page"), "LoginPage"),
  validateSearch: (search): { next?: string } =>
    typeof search.next === "string" && /^\/(?!\/)/.test(search.next) ? { next: search.next } : {},
});
const register = createRoute({
  getParentRoute: parent,
  path: "/register",
  component: lazyPage(() => import("../features/auth/register-page"), "RegisterPage"),
});
const setup = createRoute({
  getParentRoute: parent,
  path: "/setup",
  component: lazyPage(() => import("../features/auth/setup-page"), "SetupPage"),
});
const verify = createRoute({
  getParentRoute: parent,
  path: "/verify",
  component: lazyPage(() => import("../features/auth/verify-page"), "VerifyPage"),
});
const forgot = createRoute({
  getParentRoute: parent,
  path: "/forgot",
  component: lazyPage(() => import("../features/auth/forgot-page"), "ForgotPage"),
});
const reset = createRoute({
  getParentRoute: parent,
  path: "/reset",
  component: lazyPage(() => import("../features/auth/reset-page"), "ResetPage"),
});

const shell = createRoute({ getParentRoute: parent, id: "shell", component: Shell });

const chat = createRoute({
  getParentRoute: () => shell,
  id: "chat",
  component: lazyPage(() => import("../features/chat/layout"), "ChatLayout"),
});
const inbox = createRoute({
  getParentRoute: () => chat,
  path: "/",
  component: lazyPage(() => import("../features/chat/inbox-page"), "InboxPage"),
});
const archived = createRoute({
  getParentRoute: () => chat,
  path: "/archived",
  component: lazyPage(() => import("../features/chat/inbox-page"), "ArchivedPage"),
});

export type ConversationSearch = { m?: number; details?: true; list?: "archived" };
const conversation = createRoute({
  getParentRoute: () => chat,
  path: "/c/$conversationId",
  component: lazyPage(() => import("../features/chat/conversation-page"), "ConversationPage"),
  validateSearch: (search): ConversationSearch => {
    const m = Number(search.m);
    return {
      ...(Number.isInteger(m) && m > 0 && { m }),
      ...(search.details ? { details: true as const } : {}),
      ...(search.list === "archived" && { list: "archived" as const }),
    };
  },
});

const numbers = createRoute({
  getParentRoute: () => shell,
  path: "/numbers",
  component: lazyPage(() => import("../features/numbers/layout"), "NumbersLayout"),
});
const owned = createRoute({
  getParentRoute: () => numbers,
  path: "/",
  component: lazyPage(() => import("../features/numbers/owned-page"), "OwnedPage"),
});
const market = createRoute({
  getParentRoute: () => numbers,
  path: "/market",
  component: lazyPage(() => import("../features/numbers/market-page"), "MarketPage"),
  validateSearch: readMarketSearch,
});
const handsets = createRoute({
  getParentRoute: () => numbers,
  path: "/handsets",
  component: lazyPage(() => import("../features/numbers/handsets-page"), "HandsetsPage"),
  validateSearch: (search): { phone?: string; new?: true } => ({
    ...(typeof search.phone === "string" && { phone: search.phone }),
    ...(search.new ? { new: true as const } : {}),
  }),
});
const number = createRoute({
  getParentRoute: () => numbers,
  path: "/$numberId",
  component: lazyPage(() => import("../features/numbers/number-page"), "NumberPage"),
  validateSearch: (search): { usage?: "table" } => (search.usage === "table" ? { usage: "table" } : {}),
});

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: "/dashboard",
  component: lazyPage(() => withWords(import("../features/overview/layout")), "OverviewLayout"),
});
const overview = createRoute({
  getParentRoute: () => dashboard,
  path: "/",
  component: lazyPage(() => import("../features/overview/dashboard-page"), "DashboardPage"),
  validateSearch: (search): { days?: 1 | 30 } => {
    const days = Number(search.days);
    return days === 1 || days === 30 ? { days } : {};
  },
});
const activity = createRoute({
  getParentRoute: () => dashboard,
  path: "/activity",
  component: lazyPage(() => import("../features/overview/activity-page"), "ActivityPage"),
});
const verifications = createRoute({
  getParentRoute: () => shell,
  path: "/verifications",
  component: lazyPage(() => withWords(import("../features/verifications/layout")), "VerificationsLayout"),
});
const codes = createRoute({
  getParentRoute: () => verifications,
  path: "/",
  component: lazyPage(() => import("../features/verifications/codes-page"), "CodesPage"),
  validateSearch: readCodesSearch,
});
const figures = createRoute({
  getParentRoute: () => verifications,
  path: "/figures",
  component: lazyPage(() => import("../features/verifications/figures-page"), "FiguresPage"),
  validateSearch: (search): { days?: 7 | 90; table?: true } => ({
    ...(search.days === 7 || search.days === 90 ? { days: search.days } : {}),
    ...(search.table ? { table: true as const } : {}),
  }),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyPage(() => import("../features/settings/layout"), "SettingsLayout"),
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: "/profile",
  component: lazyPage(() => import("../features/settings/profile-page"), "ProfilePage"),
});
const appearance = createRoute({
  getParentRoute: () => settings,
  path: "/appearance",
  component: lazyPage(() => import("../features/settings/appearance-page"), "AppearancePage"),
});
const password = createRoute({
  getParentRoute: () => settings,
  path: "/password",
  component: lazyPage(() => import("../features/auth/password-page"), "PasswordPage"),
});
const wallet = createRoute({
  getParentRoute: () => settings,
  path: "/wallet",
  component: lazyPage(() => import("../features/wallet/wallet-page"), "WalletPage"),
  validateSearch: (search): { mode?: "live" } => (search.mode === "live" ? { mode: "live" } : {}),
});
const sessions = createRoute({
  getParentRoute: () => settings,
  path: "/sessions",
  component: lazyPage(() => import("../features/settings/sessions-page"), "SessionsPage"),
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  component: lazyPage(() => withWords(import("../features/admin/layout")), "AdminLayout"),
  validateSearch: (search): { search?: string } =>
    typeof search.search === "string" && search.search ? { search: search.search } : {},
});
const adminIndex = createRoute({
  getParentRoute: () => admin,
  path: "/",
  component: () => <Navigate to="/admin/users" replace />,
});
const users = createRoute({
  getParentRoute: () => admin,
  path: "/users",
  component: lazyPage(() => import("../features/admin/users-page"), "UsersPage"),
});
const invitations = createRoute({
  getParentRoute: () => admin,
  path: "/invitations",
  component: lazyPage(() => import("../features/admin/invitations-page"), "InvitationsPage"),
});
const mails = createRoute({
  getParentRoute: () => admin,
  path: "/mails",
  component: lazyPage(() => import("../features/admin/mails-page"), "MailsPage"),
});
const jobs = createRoute({
  getParentRoute: () => admin,
  path: "/jobs",
  component: lazyPage(() => import("../features/admin/jobs-page"), "JobsPage"),
});
const carriers = createRoute({
  getParentRoute: () => admin,
  path: "/carriers",
  component: lazyPage(() => import("../features/admin/carriers-page"), "CarriersPage"),
});
const suppressions = createRoute({
  getParentRoute: () => admin,
  path: "/suppressions",
  component: lazyPage(() => import("../features/admin/suppressions-page"), "SuppressionsPage"),
});
const unknownTexts = createRoute({
  getParentRoute: () => admin,
  path: "/texts",
  component: lazyPage(() => import("../features/admin/unknown-texts-page"), "UnknownTextsPage"),
});
const health = createRoute({
  getParentRoute: () => admin,
  path: "/health",
  component: lazyPage(() => import("../features/admin/health-page"), "HealthPage"),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});

const tree = root.addChildren([
  login,
  register,
  setup,
  verify,
  forgot,
  reset,
  shell.addChildren([
    chat.addChildren([inbox, archived, conversation]),
    settings.addChildren([settingsIndex, profile, appearance, password, sessions, wallet]),
    numbers.addChildren([owned, market, handsets, number]),
    verifications.addChildren([codes, figures]),
    dashboard.addChildren([overview, activity]),
    admin.addChildren([adminIndex, users, invitations, carriers, mails, suppressions, unknownTexts, jobs, health]),
  ]),
]);

export const createAppRouter = () =>
  createRouter({
    routeTree: tree,
    defaultPreload: "intent",
    defaultErrorComponent: Crashed,
    defaultPendingMs: 200,
    scrollRestoration: true,
  });
export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
  interface HistoryState {
    /** Whose session ended, and where. */
    left?: { person: string; href: string };
  }
}
