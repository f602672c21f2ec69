// Phone numbers: money, the marketplace, what one owns, and simulated phones that text it.
import { isAccessible, isAccessibleEverywhere } from "../support/axe";
import { expect, type Person, test } from "../support/people";
import { Server } from "../support/server";

type Owned = { id: string; number: string };

const owned = async ({ api }: Person) => (await api.call<{ numbers: Owned[] }>("GET", "/numbers/owned")).numbers;

async function topsUp({ api }: Person, amount_micros = 20_000_000) {
  await api.call("POST", "/wallets/test/top-ups", { amount_micros }, crypto.randomUUID());
}

async function buys(person: Person, country = "US"): Promise<Owned> {
  type Offers = { numbers: { number: string }[] };
  for (;;) {
    // Others buy at the same time.
    const { numbers } = await person.api.call<Offers>("GET", `/numbers/available/${country}?sms=true&limit=50`);
    const number = numbers[Math.floor(Math.random() * numbers.length)]?.number;
    const bought = await person.api
      .call<Owned>("POST", "/numbers/purchase", { number }, crypto.randomUUID())
      .catch((error: Error) => {
        if (!error.message.includes("number_gone")) throw error;
        return null;
      });
    if (bought) return bought;
  }
}

/** As it is shown: +1 202 555 0142 */
const shown = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

test("a number is found by country and digits, paid for and owned; a handset texts it", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/" });
  const { page } = ana;
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page.getByText("You have no phone number yet.")).toBeVisible();
  await page.getByRole("link", { name: "Buy a number" }).click();

  await page.getByLabel("Find a country").fill("united st");
  await page.getByRole("list", { name: "Countries" }).getByRole("link", { name: /United States/ }).click();
  await page.getByLabel("Contains digits").fill("555");
  await expect(page).toHaveURL(/contains=/);
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: /555/ }) }).nth(7);
  await expect(row).toContainText("Simulated");
  const offer = (await row.getByRole("link").innerText()).trim();
  await row.getByRole("link").click();

  const panel = page.getByRole("complementary", { name: "Number for sale" });
  await expect(panel.getByRole("heading", { name: offer })).toBeVisible();
  await expect(panel.getByText(/too little test money/)).toBeVisible();
  const buy = panel.getByRole("button", { name: /^Buy for \$\d+\.\d\d\/month$/ });
  await expect(buy).toBeDisabled();
  await isAccessibleEverywhere(page, "too little money for a number");
  await panel.getByRole("button", { name: "$20.00" }).click();
  await panel.getByRole("button", { name: "Top up" }).click();
  await buy.click();
  await expect(panel.getByText(`${offer} is yours.`)).toBeVisible();
  await isAccessible(page, "a number is bought");
  await expect(page.getByRole("table").getByRole("link", { name: offer })).toHaveCount(0);
  const [number] = await owned(ana);
  expect(shown(number!.number)).toBe(offer);

  await panel.getByRole("link", { name: "Open a handset" }).click();
  const dialog = page.getByRole("dialog", { name: "New handset" });
  await dialog.getByLabel("Country").selectOption("US");
  await dialog.getByLabel("Name").fill("Phone of Maria");
  await dialog.getByRole("button", { name: "Open handset" }).click();
  const phone = page.getByRole("article", { name: "Handset Phone of Maria" });
  await expect(phone.getByText("Simulated")).toBeVisible();
  await phone.getByLabel("Text from Phone of Maria").fill("Is anybody there?");
  await page.keyboard.press("Enter");
  await expect(phone.getByRole("log").getByText("Is anybody there?")).toBeVisible();

  type Inbox = { conversations: { id: string; line: { number_id: string } | null }[] };
  const thread = async () =>
    (await ana.api.call<Inbox>("GET", "/conversations?archived=false")).conversations.find(
      ({ line }) => line?.number_id === number!.id,
    )?.id;
  await expect.poll(thread).toBeTruthy();
  await ana.api.send((await thread())!, "Yes, we are.");
  await expect(phone.getByRole("log").getByText("Yes, we are.")).toBeVisible();
});

test("a purchase whose answer was lost is not made twice", async ({ somebody }) => {
  const ana = await somebody("Ana");
  ana.expects(/ERR_FAILED/);
  const { page } = ana;
  await topsUp(ana);
  let lost = 0;
  await page.route("**/numbers/purchase", async (route) => {
    if (lost++ > 0) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await page.goto("/numbers/market?country=CA");
  await page.getByRole("table").getByRole("link", { name: /^\+1/ }).nth(5).click();
  const panel = page.getByRole("complementary", { name: "Number for sale" });
  const buy = panel.getByRole("button", { name: /^Buy for/ });
  await buy.click();
  await expect(panel.getByText(/did not answer/)).toBeVisible();
  await panel.getByRole("button", { name: "Close" }).click();
  await page.goBack();
  await page.goForward();
  await page.getByRole("table").getByRole("link", { name: /^\+1/ }).nth(5).click();
  await buy.click();
  await expect(panel.getByText(/is yours\.$/)).toBeVisible();
  expect(await owned(ana)).toHaveLength(1);
});

test("a number that somebody else took goes from the list, and nothing is charged", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben");
  ana.expects(/409/);
  await topsUp(ana);
  await topsUp(ben);
  const { page } = ana;
  await page.goto("/numbers/market?country=AU");
  const link = page.getByRole("table").getByRole("link", { name: /^\+61/ }).nth(6);
  const name = await link.innerText();
  await link.click();
  const buy = page.getByRole("button", { name: /^Buy for/ });
  await expect(buy).toBeEnabled();
  await ben.api.call("POST", "/numbers/purchase", { number: name.replace(/ /g, "") }, crypto.randomUUID());
  await buy.click();
  await expect(page.getByText("Somebody else has it. Choose another one; nothing was charged.")).toBeVisible();
  await expect(page.getByRole("table").getByRole("link", { name, exact: true })).toHaveCount(0);
  expect(await owned(ana)).toEqual([]);
});

test("an owner switches, shares and releases a number", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { at: "/numbers" });
  await topsUp(ana);
  const { number } = await buys(ana);
  const name = shown(number);
  const { page } = ana;
  await page.goto("/numbers");
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row.getByText(/^Renews on/)).toBeVisible();
  await row.getByRole("switch", { name: `Renew ${name} automatically` }).click();
  await expect(row.getByText(/^Paid until/)).toBeVisible();
  await page.reload();
  await expect(row.getByRole("switch")).not.toBeChecked();

  await row.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Add a label" }).click();
  await page.getByLabel("Label").fill("Support");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Support.*Edit label/ })).toBeVisible();

  await page.getByRole("button", { name: "Renew now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Renew for/ }).click();
  await expect(page.getByText(/^It is paid until/)).toBeVisible();

  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Find people").fill(ben.username);
  await dialog.getByText(`@${ben.username}`).click();
  await dialog.getByLabel("What they may do").selectOption("Reads only");
  await dialog.getByRole("button", { name: `Share with ${ben.name}` }).click();
  await expect(page.getByLabel(`What ${ben.name} may do`)).toHaveValue("read");
  await expect(ben.page.getByRole("row").filter({ hasText: name })).toContainText("Shared with you to read");

  await page.getByRole("button", { name: "Cancel at the end" }).click();
  await expect(page.getByText(/^Ends on/)).toBeVisible();
  await page.getByRole("button", { name: "Keep the number" }).click();
  await expect(page.getByText(/^Paid until/)).toBeVisible();

  await page.getByRole("button", { name: "Release number" }).click();
  await expect(dialog.getByRole("button", { name: "Release number" })).toBeDisabled();
  await dialog.getByLabel("Type the last 4 digits of the number").fill(number.slice(-4));
  await dialog.getByRole("button", { name: "Release number" }).click();
  await expect(page.getByText("You have no phone number yet.")).toBeVisible();
  await expect(ben.page.getByText("You have no phone number yet.")).toBeVisible();
  expect(await owned(ana)).toEqual([]);
});

test("a new administrator texts a phone in three steps", async ({ administrator }) => {
  const server = await Server.startReady();
  try {
    const { page } = await administrator({ url: server.url, at: "/numbers" });
    const steps = page.getByRole("region", { name: "First steps" });
    await steps.getByRole("button", { name: "$5.00" }).click();
    await steps.getByRole("button", { name: "Top up" }).click();
    await expect(steps.getByRole("button", { name: /^Buy for/ })).toBeEnabled();
    await isAccessibleEverywhere(page, "first steps");
    await steps.getByRole("button", { name: /^Buy for/ }).click();
    await steps.getByRole("button", { name: "Open handset" }).click();
    await steps.getByRole("link", { name: "Text from the handset" }).click();
    await page.getByLabel("Text from Phone 1").fill("Hello");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByRole("log").getByText("Hello")).toBeVisible();
  } finally {
    await server.remove();
  }
});
