// People and what they do, in the words of the screen. The first administrator is made once, by the set-up link.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, expect, type Page } from "@playwright/test";

const PASSWORD = "violet-harbour-lantern-92";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Unlike in every run, so that one server can serve many. */
const RUN = Date.now().toString(36);

export type Person = { page: Page; username: string; name: string; faults: string[] };

/** A browser of their own; what the page complains about is collected. */
async function opens(browser: Browser, username: string, name: string): Promise<Person> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // A refused or failed request is told by the browser itself; it is no fault of the page.
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      faults.push(message.text());
    }
  });
  return { page, username, name, faults };
}

async function signsIn({ page, username }: Person) {
  await page.goto("/login");
  await page.getByLabel("User name or email").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

async function fillsAccount(page: Page, username: string, fullName: string) {
  await page.getByLabel("Full name (optional)").fill(fullName);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Email").fill(`${username}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}

export async function administrator(browser: Browser): Promise<Person> {
  const person = await opens(browser, "admin", "Ada Admin");
  const { page } = person;
  await page.goto("/login");
  const { setup_required } = await page.evaluate(async () => (await fetch("/api/auth/options")).json());
  if (!setup_required) {
    await signsIn(person);
    return person;
  }
  const link = process.env.CONVO_SETUP;
  if (!link) throw new Error("this server has no administrator: set CONVO_SETUP to the link that it printed");
  await page.goto(new URL(link).pathname + new URL(link).hash);
  await fillsAccount(page, person.username, "Ada Admin");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("heading", { name: "Welcome, Ada Admin." })).toBeVisible();
  return person;
}

/** Registers with an invitation, as a colleague does. */
export async function colleague(browser: Browser, admin: Person, name: string): Promise<Person> {
  const username = `${name.toLowerCase()}-${RUN}`;
  const person = await opens(browser, username, `${name} ${RUN}`);
  const { page } = person;
  await page.goto(await invitationFrom(admin));
  await fillsAccount(page, username, person.name);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return person;
}

export async function invitationFrom({ page }: Person): Promise<string> {
  await page.goto("/admin/invitations");
  await page.getByRole("button", { name: "Create invitation" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("Invitation link").inputValue();
  await page.getByRole("button", { name: "Close" }).click();
  const url = new URL(link);
  return url.pathname + url.hash;
}

export async function startsWith({ page }: Person, other: Person) {
  await page.goto("/");
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByLabel("Find people").fill(other.username);
  await page.getByRole("dialog").getByText(`@${other.username}`).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
}

export async function opensConversation({ page }: Person, title: string) {
  await page.goto("/");
  // The newest is first: another run on this server may have left one of the same name.
  await page.getByRole("region", { name: "Conversations" }).getByRole("link", { name: title }).first().click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
}

export async function writes({ page }: Person, text: string) {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

export const messages = ({ page }: Person) => page.getByRole("list", { name: "Messages" });
export const messageWith = (person: Person, text: string) =>
  messages(person).getByRole("listitem").filter({ hasText: text }).last();

export async function does(person: Person, text: string, command: string) {
  const row = messageWith(person, text);
  await row.hover();
  await row.getByRole("button", { name: "More" }).click();
  await person.page.getByRole("menuitem", { name: command }).click();
}

/** Accessible as far as a machine can tell. The menu library's own focus guards are hidden on purpose. */
export async function isAccessible({ page }: Person) {
  const session = await page.context().newCDPSession(page);
  // Through the debugger, because the page's policy refuses scripts of others.
  await session.send("Runtime.evaluate", { expression: AXE });
  const run = `axe.run({ exclude: [["[data-base-ui-focus-guard]"]] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
    .then((result) => JSON.stringify(result.violations.map(({ id, nodes }) => id + ": " + nodes[0].html)))`;
  const { result } = await session.send("Runtime.evaluate", { expression: run, awaitPromise: true, returnByValue: true });
  expect(JSON.parse(result.value)).toEqual([]);
}
