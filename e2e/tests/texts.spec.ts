// Texts to phones: a simulated handset on the other side, and a colleague beside.
import { expect, field, inbox, messages, messageWith, opensConversation, type Person, test, writes } from "../support/people";
import { arrivedAt, buysNumber, grouped, makesHandset, shares, spendsAll, textsFrom } from "../support/phones";

/** From the dialog of a new conversation, as somebody does who has a number on paper. */
async function begins({ page }: Person, number: string) {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByLabel("Find people").fill(number);
  await page.getByRole("button", { name: `Text ${number}` }).click();
  await expect(field({ page })).toBeVisible();
}

test("a text reaches a phone, its answer reaches a colleague, and STOP ends it", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const own = await buysNumber(ana.api, "Support");
  const phone = await makesHandset(ana.api);
  const ben = await somebody("Ben");
  await shares(ana.api, own, ben.api.me, "answer");
  const party = grouped(phone.number);

  await begins(ana, party);
  await expect(ana.page.getByRole("heading", { name: `SMS · ${party}` })).toBeVisible();
  await field(ana).fill("Your order is here – come by");
  await expect(ana.page.getByText(/1 segment · Unicode/)).toBeVisible();
  await ana.page.getByRole("button", { name: "Replace with -" }).click();
  await expect(field(ana)).toHaveValue("Your order is here - come by");
  await expect(ana.page.getByText(/1 segment · GSM-7/)).toBeVisible();
  await ana.page.getByRole("button", { name: "Send" }).click();
  const sent = messageWith(ana, "Your order is here");
  await expect(sent.getByText(/Leaves in \d seconds?/)).toBeVisible();
  await expect(sent.getByText("Delivered", { exact: true })).toBeAttached();
  expect(await arrivedAt(ana.api, phone)).toEqual(["Your order is here - come by"]);

  await textsFrom(ana.api, phone, own.number, "At *five*?");
  const link = inbox(ben).getByRole("link", { name: party });
  await expect(link).toContainText("At *five*?");
  // What a colleague sent counts as well.
  await expect(link.getByText("2unread")).toBeVisible();
  await opensConversation(ben, party);
  await expect(messageWith(ben, "Your order is here")).toContainText(ana.name);
  await ben.page.getByRole("button", { name: "Note for colleagues" }).click();
  await ben.page.getByRole("textbox", { name: "Note" }).fill("I do this one");
  await ben.page.getByRole("button", { name: "Send" }).click();
  await expect(messageWith(ana, "I do this one")).toContainText("only colleagues see this");

  await textsFrom(ana.api, phone, own.number, "STOP");
  for (const { page } of [ana, ben]) {
    await expect(page.getByText(/They replied STOP on \d+ \w+\. You can write again/)).toBeVisible();
    await expect(messages({ page }).getByText("They got the confirmation.")).toBeVisible();
  }
  await expect(field(ana)).toHaveCount(0);
  expect(await arrivedAt(ana.api, phone)).not.toContain("I do this one");
  await textsFrom(ana.api, phone, own.number, "START");
  await expect(field(ana)).toBeVisible();
});

test("a text can be taken back for five seconds, and comes back into the composer", async ({ somebody }) => {
  const ana = await somebody("Ana");
  await buysNumber(ana.api);
  const phone = await makesHandset(ana.api);
  await begins(ana, grouped(phone.number));
  await writes(ana, "Dear Mister");
  await messageWith(ana, "Dear Mister").getByRole("button", { name: "Undo" }).click();
  await expect(field(ana)).toHaveValue("Dear Mister");
  await expect(messageWith(ana, "Dear Mister").getByText("Taken back")).toBeAttached();
  await writes(ana, "Dear Mrs Miller");
  await expect(messageWith(ana, "Dear Mrs Miller").getByText("Delivered", { exact: true })).toBeAttached();
  expect(await arrivedAt(ana.api, phone)).toEqual(["Dear Mrs Miller"]);
});

test("a text that fails says why, and can be sent again", async ({ somebody }) => {
  const ana = await somebody("Ana");
  await buysNumber(ana.api);
  await begins(ana, "+44 7700 900903");
  await writes(ana, "Are you there?");
  const failed = messageWith(ana, "Are you there?");
  await expect(failed).toContainText("Phone is off or out of reach. Retry. (30003)");
  await failed.getByRole("button", { name: "Retry" }).click();
  await expect(messages(ana).getByText("Are you there?")).toHaveCount(2);
});

test("a text that the wallet cannot pay waits with the way to more money", async ({ somebody }) => {
  const ana = await somebody("Ana");
  ana.expects(/402/);
  const own = await buysNumber(ana.api);
  const phone = await makesHandset(ana.api);
  await textsFrom(ana.api, phone, own.number, "Hello?");
  await spendsAll(ana.api);
  await opensConversation(ana, grouped(phone.number));
  await writes(ana, "Good morning");
  const row = messageWith(ana, "Good morning");
  await expect(row.getByRole("alert")).toContainText(/The wallet lacks \$0\.\d+\. Top it up, then retry\./);
  await ana.api.call("POST", "/wallets/test/top-ups", { amount_micros: 5_000_000 }, crypto.randomUUID());
  await row.getByRole("button", { name: "Retry" }).click();
  await expect(row.getByText("Delivered", { exact: true })).toBeAttached();
});

test("who may only read a number sees everything and writes nothing", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const own = await buysNumber(ana.api);
  const phone = await makesHandset(ana.api);
  const ben = await somebody("Ben");
  await shares(ana.api, own, ben.api.me, "read");
  await textsFrom(ana.api, phone, own.number, "Hello?");
  await inbox(ben).getByRole("link", { name: grouped(phone.number) }).click();
  await expect(messageWith(ben, "Hello?")).toBeVisible();
  await expect(ben.page.getByText("This number is shared with you to read.")).toBeVisible();
  await expect(field(ben)).toHaveCount(0);
});

test("a number that is given back while its conversation is open can be written from no more", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const own = await buysNumber(ana.api);
  const phone = await makesHandset(ana.api);
  await textsFrom(ana.api, phone, own.number, "Hello?");
  await opensConversation(ana, grouped(phone.number));
  await ana.api.call("DELETE", `/numbers/${own.id}`);
  await expect(ana.page.getByText(/a number that you do not have any more/)).toBeVisible();
  await expect(field(ana)).toHaveCount(0);
});
