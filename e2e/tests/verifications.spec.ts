// Codes of services: waited for on a number, shown by themselves, copied, listed, exported, counted.
import { readFileSync } from "node:fs";
import { isAccessible, isAccessibleEverywhere } from "../support/axe";
import { expect, type Person, test } from "../support/people";

async function topsUp({ api }: Person) {
  await api.call("POST", "/wallets/test/top-ups", { amount_micros: 20_000_000 }, crypto.randomUUID());
}

async function ownsANumber(person: Person): Promise<{ id: string; number: string }> {
  await topsUp(person);
  type Offers = { numbers: { number: string }[] };
  for (;;) {
    // Others buy at the same time.
    const { numbers } = await person.api.call<Offers>("GET", "/numbers/available/GB?sms=true&limit=100");
    const number = numbers[Math.floor(Math.random() * numbers.length)]?.number;
    const bought = await person.api
      .call<{ id: string; number: string }>("POST", "/numbers/purchase", { number }, crypto.randomUUID())
      .catch((error: Error) => {
        if (!error.message.includes("number_gone")) throw error;
        return null;
      });
    if (bought) return bought;
  }
}

const copied = (person: Person) => person.page.evaluate(() => navigator.clipboard.readText());

test("the code of a service appears by itself on one's own number, and is copied", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/" });
  const { page } = ana;
  await ownsANumber(ana);
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await expect(page.getByText("You have not waited for a code yet.")).toBeVisible();
  await isAccessibleEverywhere(page, "no verification yet");
  await page.getByRole("button", { name: "New verification" }).click();

  const dialog = page.getByRole("dialog", { name: "New verification" });
  const service = dialog.getByRole("combobox", { name: "Service" });
  await service.fill("whats");
  await expect(dialog.getByRole("listbox", { name: "Services" }).getByRole("option")).toHaveText(["WhatsApp"]);
  await isAccessible(page, "choosing a service");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(service).toHaveValue("WhatsApp");
  await isAccessibleEverywhere(page, "a new verification");
  await dialog.getByRole("button", { name: "Wait for the code" }).click();

  const live = page.getByRole("list", { name: "Now" }).getByRole("listitem");
  await expect(live).toContainText("Waiting for the code");
  await expect(live).toContainText("20 minutes left");
  await isAccessibleEverywhere(page, "waiting for a code");
  await live.getByRole("button", { name: "Let WhatsApp text it" }).click();
  const code = live.getByRole("status", { name: "Code of WhatsApp" });
  await expect(code).toHaveText(/^\d{6}$/);
  await live.getByRole("button", { name: "Copy code" }).click();
  expect(await copied(ana)).toBe(await code.innerText());
  await isAccessibleEverywhere(page, "a code came");

  // Its text is listed, and in the inbox as well.
  await page.getByRole("table").getByRole("link", { name: "WhatsApp" }).click();
  const texts = page.getByRole("dialog", { name: "Texts for WhatsApp" });
  await expect(texts.getByText(/Your WhatsApp code: \d{3}-\d{3}/)).toBeVisible();
  await isAccessibleEverywhere(page, "the texts of a verification");
  await page.keyboard.press("Escape");
  await expect(texts).toHaveCount(0);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Inbox/ }).click();
  await expect(page.getByText(/Your WhatsApp code/).first()).toBeVisible();
});

test("a temporary number costs only if its code comes; elsewhere one hears of it", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/verifications" });
  const { page } = ana;
  ana.expects(/402/);
  const begin = async (name: string) => {
    await page.getByRole("button", { name: "New verification" }).click();
    const dialog = page.getByRole("dialog", { name: "New verification" });
    await dialog.getByRole("combobox", { name: "Service" }).fill(name);
    await dialog.getByLabel("Number").selectOption({ label: "A temporary number, $0.12" });
    await dialog.getByLabel("Country").selectOption("DE");
    await dialog.getByRole("button", { name: "Wait for the code for $0.12" }).click();
    return dialog;
  };
  const poor = await begin("Google");
  await expect(poor.getByRole("alert")).toContainText("Top it up");
  await expect(poor.getByRole("link", { name: "Open the wallet" })).toBeVisible();
  await isAccessibleEverywhere(page, "too little money for a temporary number");
  await topsUp(ana);
  await poor.getByRole("button", { name: "Wait for the code for $0.12" }).click();
  const live = page.getByRole("list", { name: "Now" }).getByRole("listitem");
  await expect(live).toContainText("+49");

  await live.getByRole("button", { name: "Stop waiting" }).click();
  await expect(live).toHaveCount(0);
  await expect(page.getByRole("row", { name: /Google/ })).toContainText("Cancelled");
  type Wallets = { wallets: { balance_micros: number; held_micros: number }[] };
  const { wallets } = await ana.api.call<Wallets>("GET", "/wallets");
  expect(wallets[0]).toMatchObject({ balance_micros: 20_000_000, held_micros: 0 });

  await begin("Slack");
  await live.getByRole("button", { name: "Let Slack text it" }).click();
  await page.getByRole("link", { name: "Numbers" }).click();
  const toast = page.getByRole("status").filter({ hasText: "Slack: code" });
  await toast.getByRole("button", { name: "Copy" }).click();
  expect(await copied(ana)).toMatch(/^\d{6}$/);
});

test("history is filtered by the address, exported, and counted in charts that are tables, too", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const { page, api } = ana;
  const number = await ownsANumber(ana);
  type Begun = { id: string; status: string };
  for (const service of ["google", "slack", "=Acme"]) {
    const begun = await api.call<Begun>("POST", "/verifications/create", { service, number_id: number.id });
    if (service === "=Acme") await api.call("DELETE", `/verifications/${begun.id}`);
    else {
      await api.call("POST", `/simulator/verifications/${begun.id}/send-code`, {}, crypto.randomUUID());
      const status = async () => (await api.call<Begun>("GET", `/verifications/${begun.id}`)).status;
      await expect.poll(status).toBe("completed");
    }
  }
  await page.goto("/verifications");
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(4);
  await page.getByLabel("Status").selectOption("Code came");
  await expect(rows).toHaveCount(3);
  await page.getByLabel("Find in history").fill("slack");
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/status=completed/);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows).toHaveCount(4);
  await isAccessibleEverywhere(page, "history of verifications");

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("verifications.csv");
  const table = readFileSync(await file.path(), "utf8");
  expect(table.trim().split("\r\n")).toHaveLength(4);
  expect(table).toContain(",'=Acme,");

  await page.getByRole("link", { name: "Figures" }).click();
  await expect(page.getByRole("img", { name: /^Success rate by day/ }).locator("canvas")).toBeVisible();
  await isAccessibleEverywhere(page, "figures of verifications");
  await page.getByRole("button", { name: "As a table" }).first().click();
  await expect(page.getByRole("table", { name: "Success rate by day" })).toContainText("100%");
  await expect(page.getByRole("table", { name: "By service" }).getByRole("row", { name: /Slack/ })).toContainText("100%");
  await isAccessible(page, "figures as tables");
});
