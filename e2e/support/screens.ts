// Every screen and every layer, and how to get there.
import { expect, type Page } from "@playwright/test";
import { does, messageWith } from "./people";
import type { Scene } from "./scene";

type Place = {
  who: "ada" | "newcomer" | "nobody";
  at: string | ((scene: Scene) => string);
  /** What makes it complete. */
  shows: string | RegExp;
};

export type Screen = Place & {
  name: string;
  opens?: (page: Page, scene: Scene) => Promise<unknown>;
  /** What is opened is no layer above the screen. */
  inPlace?: true;
};

const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();
const direct = ({ direct: id }: Scene) => `/c/${id}`;
const group = ({ group: id }: Scene) => `/c/${id}`;
const account = async (page: Page) => {
  await page.getByRole("button", { name: /^Your account/ }).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
};
const inDetails = (button: string) => async (page: Page) => {
  await page.getByRole("complementary").getByRole("button", { name: button }).first().click();
};

/** Where many of them begin. */
const SIGN_IN: Place = { who: "nobody", at: "/login", shows: "New here?" };
const INBOX: Place = { who: "ada", at: "/", shows: "Office & coffee" };
const DIRECT: Place = { who: "ada", at: direct, shows: "Shall we talk at 3?" };
const GROUP: Place = { who: "ada", at: group, shows: "Who writes the notes?" };
const GROUP_DETAILS: Place = { who: "ada", at: (scene) => `${group(scene)}?details=true`, shows: "Leave group" };
const WALLET: Place = { who: "ada", at: "/settings/wallet", shows: "Paid back in cash" };
const MARKET: Place = { who: "ada", at: "/numbers/market?country=US", shows: /^\+1 202 555 01/ };
const NUMBER: Place = { who: "ada", at: ({ number }) => `/numbers/${number}`, shows: "@ben.okafor" };
const HANDSETS: Place = { who: "ada", at: "/numbers/handsets", shows: "Are you open on Sunday?" };
const USERS: Place = { who: "ada", at: "/admin/users", shows: "@ben.okafor" };
const CARRIERS: Place = { who: "ada", at: "/admin/carriers", shows: "Switched off" };
const SUPPRESSIONS: Place = { who: "ada", at: "/admin/suppressions", shows: "No number is kept from being texted." };
const TEXTS: Place = { who: "ada", at: ({ texts }) => `/c/${texts}`, shows: "See you on Sunday" };
const CODES: Place = { who: "ada", at: "/verifications", shows: "Waiting for the code" };
const INVITATIONS: Place = { who: "ada", at: "/admin/invitations", shows: "Revoke" };

export const SCREENS: Screen[] = [
  { name: "login", ...SIGN_IN },
  {
    name: "login-refused",
    ...SIGN_IN,
    inPlace: true,
    opens: async (page) => {
      await page.getByLabel("User name or email").fill("nobody");
      await page.getByLabel("Password", { exact: true }).fill("nothing at all");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "register",
    inPlace: true,
    who: "nobody",
    at: "/register",
    shows: "Already have an account?",
    opens: async (page) => {
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Email").fill("not an address");
      await page.getByLabel("Password", { exact: true }).fill("password12");
      await expect(page.getByText("Taken already")).toBeVisible();
      await expect(page.getByText(/easy to guess|could be guessed/i)).toBeVisible();
    },
  },
  { name: "register-invitation-used", who: "nobody", at: "/register#used-up", shows: "does not work any more" },
  { name: "setup-incomplete", who: "nobody", at: "/setup", shows: "The set-up link is incomplete" },
  { name: "setup", who: "nobody", at: "/setup#secret", shows: "Set up Convo" },
  { name: "verify", who: "nobody", at: "/verify#unknown", shows: "Confirm your address" },
  { name: "forgot", who: "nobody", at: "/forgot", shows: "Reset your password" },
  { name: "reset", who: "nobody", at: "/reset#token", shows: "Choose a new password" },
  { name: "nothing-here", who: "ada", at: "/nothing/here", shows: "There is nothing at this address." },
  { name: "inbox-empty", who: "newcomer", at: "/", shows: "No conversations yet." },
  { name: "inbox", ...INBOX },
  { name: "archived", who: "ada", at: "/archived", shows: "Thanks, that is all from my side." },
  { name: "direct", ...DIRECT },
  {
    name: "direct-missing",
    who: "ada",
    at: "/c/conv_01jd0000000000000000000000",
    shows: "This conversation is not there",
  },
  { name: "direct-details", who: "ada", at: (scene) => `${direct(scene)}?details=true`, shows: "@ben.okafor" },
  { name: "group", ...GROUP },
  { name: "group-details", ...GROUP_DETAILS },
  { name: "group-edit", ...GROUP_DETAILS, opens: inDetails("Edit group") },
  { name: "group-add-people", ...GROUP_DETAILS, opens: inDetails("Add people") },
  { name: "group-member-menu", ...GROUP_DETAILS, opens: inDetails("Actions for Ben Okafor") },
  {
    name: "group-leave",
    who: "ada",
    at: ({ quiet }) => `/c/${quiet}?details=true`,
    shows: "Leave group",
    opens: inDetails("Leave group"),
  },
  { name: "texts", ...TEXTS },
  { name: "texts-details", ...TEXTS, at: ({ texts }) => `/c/${texts}?details=true`, shows: "Support" },
  {
    name: "texts-written",
    ...TEXTS,
    inPlace: true,
    opens: async (page) => {
      await page.getByRole("textbox", { name: "Message" }).fill("I’ll keep it – for you: „the blue one“ 🎉");
      await expect(page.getByRole("button", { name: /^Replace/ })).toBeVisible();
    },
  },
  {
    name: "texts-note",
    ...TEXTS,
    inPlace: true,
    opens: async (page) => {
      await press("Note for colleagues")(page);
      await page.getByRole("textbox", { name: "Note" }).fill("I called her back.");
    },
  },
  { name: "texts-menu", ...TEXTS, opens: (page) => does({ page }, "We open at ten.", null) },
  { name: "texts-failed", who: "ada", at: ({ failed }) => `/c/${failed}`, shows: /Phone is off or out of reach/ },
  { name: "texts-stopped", who: "ada", at: ({ stopped }) => `/c/${stopped}`, shows: /^They replied STOP/ },
  {
    name: "texts-new",
    ...INBOX,
    opens: async (page) => {
      await press("New conversation")(page);
      await page.getByLabel("Find people").fill("+44 20 7946 0018");
      await expect(page.getByRole("button", { name: "Text +44 20 7946 0018" })).toBeVisible();
    },
  },
  { name: "message-menu", ...DIRECT, opens: (page) => does({ page }, "Shall we talk at 3?", null) },
  {
    name: "message-react",
    ...DIRECT,
    inPlace: true,
    opens: async (page) => {
      await does({ page }, "Shall we talk at 3?", "React");
      await expect(page.getByRole("button", { name: "React with 👍" })).toBeVisible();
    },
  },
  { name: "message-delete", ...DIRECT, opens: (page) => does({ page }, "Shall we talk at 3?", "Delete") },
  {
    name: "message-read-by",
    ...GROUP,
    opens: async (page) => {
      await does({ page }, "Who writes the notes?", "Read by", "first");
      await expect(page.getByRole("dialog").getByText("Ben Okafor")).toBeVisible();
    },
  },
  {
    name: "message-versions",
    ...DIRECT,
    opens: async (page) => {
      await does({ page }, "14 % more", "Earlier versions", "first");
      await expect(page.getByRole("dialog").getByText(/12 % more/)).toBeVisible();
    },
  },
  {
    name: "message-reply",
    ...DIRECT,
    inPlace: true,
    opens: async (page) => {
      await does({ page }, "Great work, everybody.", "Reply");
      await expect(page.getByRole("button", { name: "Do not reply" })).toBeVisible();
    },
  },
  {
    name: "emoji",
    ...DIRECT,
    inPlace: true,
    opens: async (page) => {
      await page.getByRole("button", { name: "Emoji" }).click();
      await expect(page.getByRole("gridcell").first()).toBeVisible();
    },
  },
  {
    name: "offline",
    ...DIRECT,
    inPlace: true,
    opens: async (page) => {
      await page.context().setOffline(true);
      await page.getByRole("textbox", { name: "Message" }).fill("Written in a tunnel");
      await page.getByRole("button", { name: "Send" }).click();
      await expect(messageWith({ page }, "Written in a tunnel").getByText("Waiting to be sent")).toBeAttached();
      await expect(page.getByText("Offline. Messages go out when you are back.")).toBeVisible();
    },
  },
  {
    name: "new-conversation-suggestions",
    ...INBOX,
    opens: async (page) => {
      await press("New conversation")(page);
      await expect(page.getByRole("list", { name: "Suggestions" }).getByText("@eve")).toBeVisible();
    },
  },
  {
    name: "new-conversation",
    ...INBOX,
    opens: async (page) => {
      await press("New conversation")(page);
      await page.getByLabel("Find people").fill("eve");
      await expect(page.getByRole("dialog").getByText("@eve")).toBeVisible();
    },
  },
  {
    name: "new-group",
    ...INBOX,
    opens: async (page) => {
      await press("New conversation")(page);
      await press("New group")(page);
      await page.getByLabel("Name of the group").fill("Friday");
      await page.getByLabel("Find people").fill("eve");
      await page.getByRole("dialog").getByText("@eve").click();
    },
  },
  { name: "account-menu", ...INBOX, opens: account },
  {
    name: "shortcuts",
    ...INBOX,
    opens: async (page) => {
      await account(page);
      await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  { name: "settings-profile", who: "ada", at: "/settings/profile", shows: "Phone (optional)" },
  { name: "settings-appearance", who: "ada", at: "/settings/appearance", shows: "Single-letter shortcuts" },
  { name: "settings-password", who: "ada", at: "/settings/password", shows: "Current password" },
  { name: "settings-devices", who: "ada", at: "/settings/sessions", shows: "This device" },
  { name: "settings-wallet", ...WALLET },
  { name: "settings-wallet-empty", who: "newcomer", at: "/settings/wallet?mode=live", shows: "Nothing happened yet." },
  { name: "settings-wallet-top-up", ...WALLET, opens: press("Top up") },
  { name: "numbers", who: "ada", at: "/numbers", shows: /^Ends on/ },
  { name: "numbers-empty", who: "newcomer", at: "/numbers", shows: "You have no phone number yet." },
  { name: "numbers-top-up", who: "ada", at: "/numbers", shows: /^Ends on/, opens: press("Top up") },
  { name: "market-countries", who: "ada", at: "/numbers/market", shows: "Germany" },
  { name: "market", ...MARKET },
  { name: "market-nothing", who: "ada", at: '/numbers/market?country=US&contains="9999999"', shows: "No number fits" },
  {
    name: "market-number",
    ...MARKET,
    inPlace: true,
    opens: async (page) => {
      await page.getByRole("link", { name: /^\+1 202 555 01/ }).first().click();
      await expect(page.getByRole("button", { name: /^Buy for/ })).toBeEnabled();
    },
  },
  { name: "number", ...NUMBER },
  { name: "number-usage-table", ...NUMBER, at: ({ number }) => `/numbers/${number}?usage=table` },
  { name: "number-renew", ...NUMBER, opens: press("Renew now") },
  { name: "number-share", ...NUMBER, opens: press("Share") },
  { name: "number-release", ...NUMBER, opens: press("Release number") },
  { name: "handsets", ...HANDSETS },
  { name: "handsets-empty", who: "newcomer", at: "/numbers/handsets", shows: "New handset" },
  { name: "verifications-empty", who: "newcomer", at: "/verifications", shows: "You have not waited for a code yet." },
  {
    name: "verifications-new",
    who: "newcomer",
    at: "/verifications",
    shows: "You have not waited for a code yet.",
    opens: press("New verification"),
  },
  { name: "figures-empty", who: "newcomer", at: "/verifications/figures", shows: "No verification in these days." },
  { name: "verifications", ...CODES },
  {
    name: "verification-texts",
    ...CODES,
    opens: (page) => page.getByRole("table").getByRole("link", { name: "Slack" }).click(),
  },
  { name: "figures", who: "ada", at: "/verifications/figures", shows: "Success rate by day" },
  { name: "handset-new", ...HANDSETS, opens: press("New handset") },
  { name: "handset-settings", ...HANDSETS, opens: press("Settings of Phone of Maria") },
  { name: "dashboard", who: "ada", at: "/dashboard", shows: "Recent activity" },
  { name: "dashboard-empty", who: "newcomer", at: "/dashboard", shows: "Get a number" },
  { name: "activity", who: "ada", at: "/dashboard/activity", shows: "Signed in" },
  { name: "admin-users", ...USERS },
  { name: "admin-user-menu", ...USERS, opens: press("Actions for Ben Okafor") },
  {
    name: "admin-suspend",
    ...USERS,
    opens: async (page) => {
      await press("Actions for Ben Okafor")(page);
      await page.getByRole("menuitem", { name: "Suspend" }).click();
    },
  },
  {
    name: "admin-wallets",
    ...USERS,
    opens: async (page) => {
      await press("Actions for Ben Okafor")(page);
      await page.getByRole("menuitem", { name: "Wallets" }).click();
      await expect(page.getByRole("dialog").getByText("Real money").first()).toBeVisible();
    },
  },
  {
    name: "admin-number-new",
    ...USERS,
    opens: async (page) => {
      await press("Actions for Ben Okafor")(page);
      await page.getByRole("menuitem", { name: "Enter a number" }).click();
      await expect(page.getByRole("dialog").getByLabel("Carrier")).toHaveValue("acme-uk");
    },
  },
  { name: "admin-carriers", ...CARRIERS },
  { name: "admin-carrier-new", ...CARRIERS, opens: press("Add carrier") },
  { name: "admin-invitations", ...INVITATIONS },
  { name: "admin-invitation-new", ...INVITATIONS, opens: press("Create invitation") },
  {
    name: "admin-invitation-made",
    ...INVITATIONS,
    opens: async (page) => {
      await press("Create invitation")(page);
      await page.getByRole("dialog").getByRole("button", { name: "Create link" }).click();
      await expect(page.getByLabel("Invitation link")).toBeVisible();
    },
  },
  { name: "admin-mails", who: "ada", at: "/admin/mails", shows: /ben\.okafor@example\.org/ },
  { name: "admin-jobs", who: "ada", at: "/admin/jobs", shows: "A mail was not sent after 12 attempts." },
  { name: "admin-suppressions", ...SUPPRESSIONS },
  { name: "admin-suppressions-add", ...SUPPRESSIONS, opens: press("Add numbers") },
  { name: "admin-texts", who: "ada", at: "/admin/texts", shows: /^Every text was answered/ },
  { name: "admin-health", who: "ada", at: "/admin/health", shows: "The carrier simulator is linked." },
  {
    name: "admin-refused",
    who: "newcomer",
    at: "/admin/users",
    shows: "Only administrators see this. Ask one of them.",
  },
];
