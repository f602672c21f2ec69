import { expect, field, fillsAccount, PASSWORD, signsIn, signsInHere, signsOut, test } from "../support/people";

test("a wrong password is told without saying what was wrong", async ({ stranger }) => {
  const somebody = await stranger();
  somebody.expects(/401/);
  somebody.username = "nobody";
  await signsIn(somebody, "nothing at all");
  await expect(somebody.page.getByRole("alert")).toContainText("do not fit together");
});

test("the register form ticks its rules off while typing, and an invitation opens it", async ({
  administrator,
  stranger,
}) => {
  const ada = await administrator();
  const { url } = await ada.api.call<{ url: string }>("POST", "/invitations", {});
  const { page } = await stranger();
  await page.goto(url);
  await expect(page.getByText("Ada Admin invited you.")).toBeVisible();
  await page.getByLabel("User name").fill("admin");
  await expect(page.getByText("Taken already")).toBeVisible();
  const username = `new-${Date.now().toString(36)}`;
  await page.getByLabel("User name").fill(username);
  await expect(page.getByText(/^Free/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("password12");
  await expect(page.getByText(/easy to guess|could be guessed/i)).toBeVisible();
  await page.getByLabel("Email").fill("not an address");
  await page.getByLabel("Password", { exact: true }).focus();
  await expect(page.getByText("Enter an address like ana@example.org.")).toBeVisible();
  await fillsAccount(page, username, "Newcomer");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
});

test("a suspended user is signed out at once and can come back after being restored", async ({
  administrator,
  somebody,
}) => {
  const ada = await administrator({ at: "/admin/users" });
  const kim = await somebody("Kim");
  kim.expects(/401|403/);
  await ada.page.getByLabel("Search users").fill(kim.username);
  const row = ada.page.getByRole("row", { name: kim.username });
  await row.getByRole("button", { name: `Actions for ${kim.name}` }).click();
  await ada.page.getByRole("menuitem", { name: "Suspend" }).click();
  await ada.page.getByRole("button", { name: "Suspend user" }).click();
  await expect(row.getByText("Suspended")).toBeVisible();
  await expect(kim.page.getByText("This account is suspended.")).toBeVisible();
  await row.getByRole("button", { name: `Actions for ${kim.name}` }).click();
  await ada.page.getByRole("menuitem", { name: "Restore" }).click();
  await expect(row.getByText("Active")).toBeVisible();
  await signsIn(kim);
  await expect(kim.page.getByRole("navigation", { name: "Main" })).toBeVisible();
});

test("the look is there before the first paint, whatever the system says", async ({ somebody }) => {
  const lou = await somebody("Lou", { at: "/settings/appearance", colorScheme: "light" });
  lou.expects(/ERR_FAILED/);
  const { page } = lou;
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  // Before any script of the client has run, so that nothing flashes.
  await page.route("**/assets/*.js", (route) => route.abort());
  await page.goto("/settings/appearance", { waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("without motion the look changes everywhere at once", async ({ somebody }) => {
  const { page } = await somebody("Lou", { colorScheme: "light", reducedMotion: "reduce" });
  const words = page.getByText("No conversations yet.");
  await expect(words).toBeVisible();
  const [inner, outer] = await words.evaluate((element) => {
    const colour = (of: Element) => getComputedStyle(of).color;
    colour(element);
    document.documentElement.dataset.theme = "dark";
    return [colour(element), colour(document.documentElement)];
  });
  expect(inner).toBe(outer);
});

test("where somebody was is not where the next person begins", async ({ somebody, stranger }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  ana.expects(/401/);
  const { page } = ana;
  const place = `/c/${await ana.api.direct(ben.api.me)}`;
  await page.goto(place);
  await expect(field(ana)).toBeVisible();
  await signsOut(ana);
  await expect(page).toHaveURL("/login");
  await signsInHere(page, ana.username);
  await expect(page, "the same person goes on there").toHaveURL(place);
  await signsOut(ana);
  await signsInHere(page, ben.username);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(page).toHaveURL("/");

  // A link that was followed before anybody signed in leads there afterwards.
  const visitor = await stranger();
  await visitor.page.goto(place);
  await signsInHere(visitor.page, ana.username);
  await expect(visitor.page).toHaveURL(place);
});

test("mails come in the language in which somebody joined", async ({ administrator, stranger }) => {
  const ada = await administrator();
  const { page } = await stranger({ locale: "de-DE" });
  const username = `jo-${Date.now().toString(36)}`;
  await page.goto("/register");
  await page.getByLabel("Benutzername").fill(username);
  await page.getByLabel("E-Mail").fill(`${username}@example.org`);
  await page.getByLabel("Passwort", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Konto erstellen" }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
  const { mails } = await ada.api.call<{ mails: { to: string; subject: string }[] }>("GET", "/admin/mails");
  expect(mails.find(({ to }) => to === `${username}@example.org`)?.subject).toBe("Bestätige deine E-Mail-Adresse");
});

test("the language changes at once", async ({ somebody }) => {
  const { page } = await somebody("Lou", { at: "/settings/appearance" });
  await page.getByLabel("Language").selectOption("de");
  await expect(page.getByRole("heading", { name: "Einstellungen" })).toBeVisible();
  await page.reload();
  await page.getByLabel("Sprache").selectOption("en");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});

test("signing out in one tab signs out the others", async ({ somebody }) => {
  const joe = await somebody("Joe", { at: "/settings/sessions" });
  joe.expects(/401/);
  const second = await joe.tab();
  await second.goto("/");
  await expect(second.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(joe.page.getByText("This device")).toBeVisible();
  await signsOut(joe);
  for (const page of [joe.page, second]) {
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  }
  await second.goto("/settings/profile");
  await expect(second.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("many tabs opened at once renew one session together", async ({ somebody }) => {
  const joe = await somebody("Joe");
  const tabs = await Promise.all(Array.from({ length: 4 }, () => joe.tab()));
  await Promise.all(tabs.map((tab) => tab.goto("/")));
  await Promise.all(tabs.map((tab) => tab.reload()));
  for (const tab of tabs) await expect(tab.getByRole("navigation", { name: "Main" })).toBeVisible();
});
