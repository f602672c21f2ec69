import { expect, test } from "@playwright/test";
import {
  administrator,
  colleague,
  does,
  isAccessible,
  messages,
  messageWith,
  opensConversation,
  type Person,
  startsWith,
  writes,
} from "./people";

let ada: Person;
let ben: Person;

test.beforeAll(async ({ browser }) => {
  ada = await administrator(browser);
  ben = await colleague(browser, ada, "Ben");
});

test.afterAll(() => {
  expect(ada?.faults ?? []).toEqual([]);
  expect(ben?.faults ?? []).toEqual([]);
});

test("a message appears at the other's without reloading, and its author sees that it was read", async () => {
  await ben.page.goto("/");
  await startsWith(ada, ben);
  await writes(ada, "Hello **Ben**");
  await expect(messageWith(ada, "Hello Ben").getByText("Waiting to be sent")).toBeHidden();
  await opensConversation(ben, "Ada Admin");
  await expect(messageWith(ben, "Hello Ben")).toBeVisible();
  await expect(messageWith(ada, "Hello Ben").getByText("Read")).toBeAttached();
  await isAccessible(ben);
});

test("somebody who writes is seen writing", async () => {
  await ben.page.getByRole("textbox", { name: "Message" }).pressSequentially("a draft");
  await expect(ada.page.getByText(`${ben.name} is typing…`).last()).toBeVisible();
});

test("what is written offline waits and goes out by itself", async () => {
  await ada.page.context().setOffline(true);
  await writes(ada, "from the tunnel");
  await expect(messageWith(ada, "from the tunnel").getByText("Waiting to be sent")).toBeAttached();
  await expect(ada.page.getByText("Offline. Messages go out when you are back.")).toBeVisible();
  await ada.page.context().setOffline(false);
  await expect(messageWith(ben, "from the tunnel")).toBeVisible({ timeout: 20_000 });
  await expect(messages(ben).getByRole("listitem").filter({ hasText: "from the tunnel" })).toHaveCount(1);
  await expect(ada.page.getByText("Offline. Messages go out when you are back.")).toBeHidden();
});

test("editing, reacting, replying and deleting reach the other", async () => {
  await writes(ada, "first wording");
  await expect(messageWith(ben, "first wording")).toBeVisible();
  const field = ada.page.getByRole("textbox", { name: "Message" });
  await field.press("ArrowUp");
  await expect(field).toHaveValue("first wording");
  await field.fill("second wording");
  await field.press("Enter");
  await expect(messageWith(ben, "second wording").getByText("edited")).toBeVisible();

  await does(ben, "second wording", "React");
  await ben.page.getByRole("button", { name: "React with 👍" }).click();
  await expect(messageWith(ada, "second wording").getByRole("list", { name: "Reactions" })).toContainText("👍");

  await does(ben, "second wording", "Reply");
  await writes(ben, "I agree");
  await expect(messageWith(ada, "I agree").getByText("second wording")).toBeVisible();

  await does(ada, "edited", "Delete");
  await ada.page.getByRole("button", { name: "Delete for everyone" }).click();
  await expect(messages(ben).getByText("Message deleted").first()).toBeVisible();
});

test("a group: made, renamed, left", async ({ browser }) => {
  const eve = await colleague(browser, ada, "Eve");
  await ada.page.goto("/");
  await ada.page.getByRole("button", { name: "New conversation" }).click();
  await ada.page.getByRole("button", { name: "New group" }).click();
  await ada.page.getByLabel("Name of the group").fill("Launch");
  for (const person of [ben, eve]) {
    await ada.page.getByLabel("Find people").fill(person.username);
    await ada.page.getByRole("dialog").getByText(`@${person.username}`).click();
  }
  await ada.page.getByRole("button", { name: "Create group" }).click();
  await expect(messages(ada).getByText("You created the group")).toBeVisible();
  await opensConversation(eve, "Launch");
  await ada.page.getByRole("button", { name: "Details", exact: true }).click();
  await ada.page.getByRole("button", { name: "Edit group" }).click();
  await ada.page.getByLabel("Name of the group").fill("Take-off");
  await ada.page.getByRole("button", { name: "Save changes" }).click();
  await expect(eve.page.getByRole("heading", { name: "Take-off" })).toBeVisible();
  await isAccessible(ada);

  await eve.page.getByRole("button", { name: "Details", exact: true }).click();
  await eve.page.getByRole("button", { name: "Leave group" }).click();
  await eve.page.getByRole("dialog").getByRole("button", { name: "Leave group" }).click();
  await expect(eve.page.getByText("Choose a conversation, or start one.")).toBeVisible();
  await expect(messages(ada).getByText(`${eve.name} left`)).toBeVisible();
  expect(eve.faults).toEqual([]);
});

test("archiving can be undone", async () => {
  await opensConversation(ada, ben.name);
  await ada.page.getByRole("main").getByRole("button", { name: "More" }).first().click();
  await ada.page.getByRole("menuitem", { name: "Archive" }).click();
  const list = ada.page.getByRole("region", { name: "Conversations" });
  await expect(list.getByRole("link", { name: ben.name })).toBeHidden();
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await expect(list.getByRole("link", { name: ben.name })).toBeVisible();
});

test("a conversation can be kept by keyboard alone", async () => {
  await opensConversation(ada, ben.name);
  const { page } = ada;
  await writes(ada, "keys only");
  await expect(messageWith(ada, "keys only")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(":focus")).toContainText("keys only");
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("keys only");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});
