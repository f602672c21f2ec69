// The first minute of a new server: the administrator texts their number from a handset, answers, and sees it delivered.
import { isAccessible } from "../support/axe";
import { expect, test } from "../support/people";
import { Server } from "../support/server";

let server: Server;
test.beforeAll(async () => {
  server = await Server.startReady({ CONVO_SIMULATOR_WELCOME: "true" });
});
test.afterAll(() => server.remove());

test("an invited member is shown no first run, only an inbox that says what to do", async ({ somebody }) => {
  const { page } = await somebody("Ana", { url: server.url, at: "/" });
  await expect(page.getByText("Choose a conversation, or start one.")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Your first text" })).toHaveCount(0);
});

test("the administrator's first text goes there and back within a minute, and the panel goes by itself", async ({
  administrator,
}) => {
  const { page } = await administrator({ url: server.url, at: "/" });
  const panel = page.getByRole("complementary", { name: "Your first text" });
  await expect(panel.getByText(/Text your number \+1/)).toBeVisible();
  await isAccessible(page, "first run");
  const began = Date.now();

  await panel.getByRole("textbox", { name: /^Text from/ }).fill("Hello Convo");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel.getByRole("listitem").filter({ hasText: "Text your number" })).toContainText("Done:");
  await page.getByRole("link", { name: /Hello Convo/ }).click();
  // It stays beside the conversation.
  await expect(panel).toBeVisible();
  const field = page.getByRole("main").getByRole("textbox", { name: /Text|Message/ });
  await field.fill("Hello phone");
  await field.press("Enter");
  await expect(panel.getByRole("log").getByText("Hello phone")).toBeVisible();
  await expect(page.getByRole("main").getByText("Delivered", { exact: true })).toBeAttached();
  expect(Date.now() - began).toBeLessThan(60_000);
  await expect(panel).toBeHidden();
  await expect(page.getByText(/It works: your number texts phones/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("main").getByText("Hello phone")).toBeVisible();
  await expect(panel).toHaveCount(0);
});

test("what was done on one device is not asked for on another", async ({ administrator }) => {
  const { page } = await administrator({ url: server.url, at: "/", viewport: { width: 390, height: 844 } });
  await expect(page.getByRole("link", { name: /Hello phone/ })).toBeVisible();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("convo.first-run"))).toContain("usr_");
  await expect(page.getByRole("complementary", { name: "Your first text" })).toHaveCount(0);
});
