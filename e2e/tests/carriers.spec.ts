// A carrier that an administrator enters: real numbers text over SMPP with a message centre that none of us wrote.
import { Centre } from "../support/centre";
import { expect, field, messageWith, test } from "../support/people";

const OURS = "+447400123456";
const THEIRS = "+447400654321";

test("a carrier is entered, a number of it texts a phone and is answered", async ({ administrator, somebody }) => {
  const centre = await Centre.start();
  try {
    const ana = await somebody("Ana");
    const body = { amount_micros: 10_000_000, reason: "To text with" };
    const admin = await administrator({ at: "/admin/carriers" });
    admin.expects(/422|409/);
    const { api, page } = admin;
    const wallet = `/admin/users/${ana.api.me.id}/wallets/live/adjustments`;
    await api.call("POST", wallet, body, crypto.randomUUID());

    await page.getByRole("button", { name: "Add carrier" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name", { exact: true }).fill("simulator");
    await form.getByLabel("Host").fill("127.0.0.1");
    await form.getByLabel("Port").fill(String(centre.port));
    await form.getByLabel("System ID").fill("convo");
    await form.getByLabel("Password").fill("hidden");
    await form.getByLabel("Country").fill("gb");
    await form.getByLabel("Price of a segment").fill("0.04");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByRole("alert")).toContainText("choose another name");
    await form.getByLabel("Name", { exact: true }).fill("acme");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
    const row = page.getByRole("listitem").filter({ hasText: `convo@127.0.0.1:${centre.port}` });
    await expect(row.getByText("Connected", { exact: true })).toBeVisible();

    await page.goto(`/admin/users?search=${ana.username}`);
    await page.getByRole("button", { name: `Actions for ${ana.name}` }).click();
    await page.getByRole("menuitem", { name: "Enter a number" }).click();
    await page.getByRole("dialog").getByLabel("Phone number").fill(OURS);
    await page.getByRole("dialog").getByRole("button", { name: "Enter number" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();

    await ana.page.getByRole("button", { name: "New conversation" }).click();
    await ana.page.getByLabel("Find people").fill(THEIRS);
    await ana.page.getByRole("button", { name: /^Text \+44/ }).click();
    await expect(field(ana)).toBeVisible();
    await field(ana).fill("Over the wire");
    await ana.page.getByRole("button", { name: "Send" }).click();
    await expect(messageWith(ana, "Over the wire").getByText("Delivered", { exact: true })).toBeAttached();
    const { submitted } = await centre.does("submitted");
    expect(submitted?.map(({ from, text }) => [from, text])).toEqual([[OURS.slice(1), "Over the wire"]]);
    await centre.brings(THEIRS, OURS, "And back again");
    await expect(messageWith(ana, "And back again")).toBeVisible();

    await page.goto("/admin/carriers");
    await centre.does("stop");
    await expect(row.getByText("Not connected", { exact: true })).toBeVisible();
    await row.getByRole("button", { name: "Actions for acme" }).click();
    await page.getByRole("menuitem", { name: "Take away" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take away" }).click();
    await expect(page.getByText(/Numbers of this carrier are still in use/)).toBeVisible();
  } finally {
    centre.ends();
  }
});
