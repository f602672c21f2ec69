// People and what they do, in the words of the screen. Whatever a page complains about fails the test.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from "@playwright/test";
import { Api, PASSWORD } from "./api";
import { furnish, type Scene } from "./scene";
import { Server } from "./server";

export { expect, PASSWORD };

export type Person = {
  api: Api;
  page: Page;
  context: BrowserContext;
  username: string;
  name: string;
  /** Refusals that belong to the test: the browser tells of each answer that is not good. */
  expects: (complaint: RegExp) => void;
  /** Another tab of the same browser. */
  tab: () => Promise<Page>;
};

type Options = BrowserContextOptions & { url?: string; at?: string; signedIn?: boolean };
type People = {
  /** Somebody new, signed in with a browser of their own. */
  somebody: (name: string, options?: Options) => Promise<Person>;
  administrator: (options?: Options) => Promise<Person>;
  /** A browser in which nobody is signed in. */
  stranger: (options?: Options) => Promise<Person>;
};

class Watch {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  expects = (complaint: RegExp) => void this.expected.push(complaint);

  async over(context: BrowserContext) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`Refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    context.on("weberror", (error) => this.complaints.push(error.error().message));
    context.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`${message.text()} ${message.location().url}`);
    });
  }

  unexpected = () => this.complaints.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
}

let count = 0;
const unique = (name: string) => `${name.toLowerCase()}-${Date.now().toString(36)}${process.pid % 1000}${count++}`;

export async function opens(browser: Browser, api: Api | null, watch: Watch | null, options: Options) {
  const { url = process.env.CONVO_E2E_URL as string, at, signedIn, ...rest } = options;
  const cookie = {
    name: "convo_refresh",
    value: api?.cookie ?? "",
    domain: "localhost",
    path: "/api/auth",
    expires: -1,
    httpOnly: true,
    secure: false,
    sameSite: "Strict" as const,
  };
  const localStorage = [{ name: "convo.signed-in", value: "1" }];
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    baseURL: url,
    ...rest,
    storageState: api && signedIn ? { cookies: [cookie], origins: [{ origin: url, localStorage }] } : undefined,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await watch?.over(context);
  return context;
}

type Everybody = { everybody: { watch: Watch; contexts: BrowserContext[] } };

export const test = base.extend<People & Everybody, { scene: Scene }>({
  /** One furnished company for all tours of a worker: they look, and what they leave behind is in nobody's way. */
  scene: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      const server = await Server.startReady();
      try {
        await use(await furnish(server));
      } finally {
        await server.remove();
      }
    },
    { scope: "worker", timeout: 240_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  everybody: async ({}, use) => {
    const everybody = { watch: new Watch(), contexts: [] as BrowserContext[] };
    await use(everybody);
    const complaints = everybody.watch.unexpected();
    await Promise.all(everybody.contexts.map((context) => context.close()));
    expect(complaints, "what the pages complained about").toEqual([]);
  },
  stranger: async ({ browser, everybody }, use) => {
    await use(async (options = {}) => {
      const context = await opens(browser, null, everybody.watch, options);
      everybody.contexts.push(context);
      const page = await context.newPage();
      return {
        api: null as unknown as Api,
        page,
        context,
        username: "",
        name: "",
        expects: everybody.watch.expects,
        tab: () => context.newPage(),
      };
    });
  },
  somebody: async ({ browser, everybody }, use) => {
    await use(async (name, options = {}) => {
      const username = unique(name);
      const fullName = `${name} ${username.split("-")[1]}`;
      const api = await Api.register(options.url ?? (process.env.CONVO_E2E_URL as string), username, fullName);
      return enters(browser, api, everybody, { signedIn: true, ...options });
    });
  },
  administrator: async ({ browser, everybody }, use) => {
    await use(async (options = {}) => {
      const api = await Api.login(options.url ?? (process.env.CONVO_E2E_URL as string), "admin");
      return enters(browser, api, everybody, { signedIn: true, ...options });
    });
  },
});

async function enters(
  browser: Browser,
  api: Api,
  { watch, contexts }: { watch: Watch; contexts: BrowserContext[] },
  options: Options,
): Promise<Person> {
  const context = await opens(browser, api, watch, options);
  contexts.push(context);
  const page = await context.newPage();
  if (options.signedIn) {
    await page.goto(options.at ?? "/");
    await expect(page.getByRole("navigation", { name: "Main", includeHidden: true })).toBeAttached();
  }
  const { username, full_name: name } = api.me;
  return { api, page, context, username, name, expects: watch.expects, tab: () => context.newPage() };
}

export async function signsIn(person: Person, password = PASSWORD) {
  await person.page.goto("/login");
  await signsInHere(person.page, person.username, password);
}

/** On the page that asks for it already. */
export async function signsInHere(page: Page, username: string, password = PASSWORD) {
  await page.getByLabel("User name or email").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signsOut({ page, name }: Person) {
  await page.getByRole("button", { name: `Your account: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

export async function fillsAccount(page: Page, username: string, fullName: string) {
  await page.getByLabel("Full name (optional)").fill(fullName);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Email").fill(`${username}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}

export async function findsAndOpens({ page }: Person, other: Person) {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByLabel("Find people").fill(other.username);
  await page.getByRole("dialog").getByText(`@${other.username}`).click();
  await expect(field({ page })).toBeVisible();
}

export async function opensConversation(person: Person, title: string) {
  await person.page.goto("/");
  await inbox(person).getByRole("link", { name: title }).first().click();
  await expect(field(person)).toBeVisible();
}

type OnPage = { page: Page };

export const inbox = ({ page }: OnPage) => page.getByRole("region", { name: "Conversations", exact: true });
export const field = ({ page }: OnPage) => page.getByRole("textbox", { name: "Message" });
export const messages = ({ page }: OnPage) => page.getByRole("list", { name: "Messages" });
export const messageWith = (person: OnPage, text: string) =>
  messages(person).getByRole("listitem").filter({ hasText: text }).last();

export async function writes(person: OnPage, text: string) {
  await field(person).fill(text);
  // On touch Enter breaks the line; the button sends everywhere.
  await person.page.getByRole("button", { name: "Send" }).click();
}

/** From the menu of a message: by the pointer, or with a long press where there is none. */
export async function does(person: OnPage, text: string, command: string | null, which: "first" | "last" = "last") {
  const row = messages(person).getByRole("listitem").filter({ hasText: text })[which]();
  if (await person.page.evaluate(() => matchMedia("(hover: none)").matches)) {
    const bubble = row.locator(".touch-pan-y");
    const at = { bubbles: true, pointerType: "touch", clientX: 10, clientY: 10 };
    await bubble.dispatchEvent("pointerdown", at);
    await expect(person.page.getByRole("menu")).toBeVisible();
    await bubble.dispatchEvent("pointerup", at);
  } else {
    await row.hover();
    await row.getByRole("button", { name: "More", exact: true }).click();
  }
  await expect(person.page.getByRole("menu")).toBeVisible();
  if (command) await person.page.getByRole("menuitem", { name: command, exact: true }).click();
}
