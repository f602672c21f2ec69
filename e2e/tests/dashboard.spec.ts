// The account at a glance, and what administrators keep in order: suppressed numbers, texts without news, the server's health.
import { isAccessibleEverywhere } from "../support/axe";
import { expect, test } from "../support/people";
import { buysNumber, makesHandset, textsFrom } from "../support/phones";

test("the overview tells what happened, live, in charts and tables", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/dashboard" });
  const { page } = ana;
  await expect(page.getByText("Nothing needs you right now.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Get a number" })).toBeVisible();

  const [number, handset] = [await buysNumber(ana.api), await makesHandset(ana.api)];
  await textsFrom(ana.api, handset, number.number, "Hello");
  // Without a reload.
  const received = page.locator("div").filter({ has: page.getByText("Texts received", { exact: true }) }).last();
  await expect(received).toContainText("1");
  await expect(page.getByText(/^Bought \+1/)).toBeVisible();
  await expect(page.getByText("1 of 1,000")).toBeVisible();

  const chart = page.getByRole("figure", { name: "Texts by day" });
  await expect(chart.locator("canvas")).toBeVisible();
  await chart.getByRole("button", { name: "As a table" }).click();
  await expect(chart.getByRole("row").nth(1).getByRole("cell")).toHaveText(["0", "1"]);
  await page.getByRole("link", { name: "30 days" }).click();
  await expect(page).toHaveURL(/days=30/);
  await isAccessibleEverywhere(page, "overview");

  await page.getByRole("link", { name: "All activity" }).click();
  await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Topped up" })).toContainText("+$20.00");
  await expect(page.getByRole("listitem").filter({ hasText: "Signed in" })).toBeVisible();
  await isAccessibleEverywhere(page, "activity");
});

test("an administrator keeps numbers from being texted, with a report of what was no number", async ({
  administrator,
}) => {
  const { page } = await administrator({ at: "/admin/suppressions" });
  await page.getByRole("button", { name: "Add numbers" }).first().click();
  const dialog = page.getByRole("dialog");
  const lines = ["+44 20 7946 0991", "nobody", "+1 415 555 0199"];
  await dialog.getByLabel("Numbers", { exact: true }).fill(lines.join("\n"));
  await expect(dialog.getByRole("button", { name: "Add numbers" })).toBeDisabled();
  await dialog.getByLabel("Reason").fill("Asked by letter");
  await dialog.getByRole("button", { name: "Add numbers" }).click();
  await expect(dialog.getByRole("alert")).toContainText("2 added, 0 were there already, 1 could not be read:");
  await expect(dialog.getByLabel("Numbers", { exact: true })).toHaveValue("nobody");
  await dialog.getByRole("button", { name: "Close" }).last().click();

  const row = page.getByRole("listitem").filter({ hasText: "Asked by letter" });
  await expect(row).toHaveCount(2);
  await page.getByLabel("Search numbers").fill("0991");
  await expect(row).toHaveCount(1);
  await isAccessibleEverywhere(page, "suppressions");
  await page.getByRole("button", { name: /^Remove .*0991 from the list$/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove from the list" }).click();
  await expect(page.getByText("No such number is on the list.")).toBeVisible();
  await page.getByLabel("Search numbers").fill("");
  await page.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove from the list" }).click();
  await expect(page.getByText("No number is kept from being texted.")).toBeVisible();

  await page.getByRole("link", { name: "Texts without news" }).click();
  await expect(page.getByText("Every text was answered by its carrier")).toBeVisible();
  await page.getByRole("link", { name: "Health" }).click();
  await expect(page.getByText("The carrier simulator is linked.")).toBeVisible();
  await isAccessibleEverywhere(page, "health");
});
