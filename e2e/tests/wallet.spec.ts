// Money: topping up, seeing it arrive everywhere, and what an administrator gives.
import { expect, test } from "../support/people";

test("test money is topped up once, and another tab sees it arrive", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/settings/wallet" });
  const { page } = ana;
  const other = await ana.tab();
  await other.goto("/settings/wallet");
  await expect(other.getByText("Nothing happened yet.")).toBeVisible();

  await page.getByRole("button", { name: "Top up", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount in USD").fill("0.001");
  await expect(dialog.getByText(/From 0.01 to 10,000/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Top up" })).toBeDisabled();
  await dialog.getByLabel("Amount in USD").fill("12,5");
  await dialog.getByRole("button", { name: "Top up" }).click();
  await expect(dialog).toBeHidden();
  for (const tab of [page, other]) {
    await expect(tab.getByRole("link", { name: /Test money \$12\.50/ })).toBeVisible();
    await expect(tab.getByRole("listitem").filter({ hasText: "Top-up" })).toContainText("+$12.50");
  }
});

test("a top-up whose answer was lost is not made twice", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/settings/wallet" });
  ana.expects(/ERR_FAILED/);
  const { page } = ana;
  let lost = 0;
  await page.route("**/top-ups", async (route) => {
    if (lost++ > 0) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "Top up", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "$5.00" }).click();
  await dialog.getByRole("button", { name: "Top up" }).click();
  await expect(dialog.getByText(/did not answer/)).toBeVisible();
  await dialog.getByRole("button", { name: "Top up" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("link", { name: /Test money \$5\.00/ })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Top-up" })).toHaveCount(1);
});

test("an administrator gives real money, and the owner reads why", async ({ administrator, somebody }) => {
  const ana = await somebody("Ana", { at: "/settings/wallet?mode=live" });
  const { page } = await administrator({ at: `/admin/users?search=${ana.username}` });
  await page.getByRole("button", { name: `Actions for ${ana.name}` }).click();
  await page.getByRole("menuitem", { name: "Wallets" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount in USD").fill("40");
  await dialog.getByLabel("Reason").fill("Überweisung vom 21.11.");
  await dialog.getByRole("button", { name: "Change wallet" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.page.getByRole("link", { name: /Real money \$40\.00/ })).toBeVisible();
  await expect(ana.page.getByText("Überweisung vom 21.11.")).toBeVisible();
});
