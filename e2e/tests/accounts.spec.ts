import { expect, test } from "@playwright/test";
import { administrator, colleague, invitationFrom, isAccessible, type Person } from "./people";

let ada: Person;

test.beforeAll(async ({ browser }) => {
  ada = await administrator(browser);
});

test("a wrong password is told without saying what was wrong", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("User name or email").fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("nothing at all");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit together");
});

test("the register form ticks its rules off while typing", async ({ page }) => {
  await page.goto(await invitationFrom(ada));
  await page.getByLabel("User name").fill("admin");
  await expect(page.getByText("This user name is taken.")).toBeVisible();
  await page.getByLabel("User name").fill("somebody-new");
  await expect(page.getByText(/^Free/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("password12");
  await expect(page.getByText(/easy to guess|could be guessed/i)).toBeVisible();
  await page.getByLabel("Email").fill("not an address");
  await page.getByLabel("Password", { exact: true }).focus();
  await expect(page.getByText("Enter an address like ana@example.org.")).toBeVisible();
});

test("a suspended user is signed out at once and can come back after being restored", async ({ browser }) => {
  const kim = await colleague(browser, ada, "Kim");
  await ada.page.goto("/admin/users");
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
});

test("the profile, the look and the language change", async () => {
  const { page } = ada;
  await page.goto("/settings/profile");
  await page.getByLabel("About").fill(`Runs this server since ${Date.now()}.`);
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByText("Profile saved")).toBeVisible();
  await page.goto("/settings/appearance");
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await isAccessible(ada);
  await page.getByLabel("Language").selectOption("de");
  await expect(page.getByRole("heading", { name: "Einstellungen" })).toBeVisible();
  await page.getByLabel("Sprache").selectOption("en");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.getByText("System", { exact: true }).click();
});

test("devices are listed, and signing out leads to the sign-in", async ({ browser }) => {
  const joe = await colleague(browser, ada, "Joe");
  await joe.page.goto("/settings/sessions");
  await expect(joe.page.getByText("This device")).toBeVisible();
  await joe.page.getByRole("button", { name: `Your account: ${joe.name}` }).click();
  await joe.page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(joe.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await isAccessible(joe);
});
