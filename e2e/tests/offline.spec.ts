// Nothing that was written is lost or doubled, whatever the network and the server do meanwhile.
import { expect, messages, messageWith, opensConversation, signsOut, test, writes } from "../support/people";
import { Server } from "../support/server";

const OFFLINE = "Offline. Messages go out when you are back.";
const numbered = (word: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${word} ${from + index}`);

test("the network goes in the middle of sending", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben");
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  const id = await ana.api.direct(ben.api.me);
  await opensConversation(ana, ben.name);
  for (const text of numbered("before", 1, 4)) await writes(ana, text);
  await ana.context.setOffline(true);
  for (const text of numbered("during", 1, 4)) await writes(ana, text);
  await expect(messageWith(ana, "during 4").getByText("Waiting to be sent")).toBeAttached();
  await expect(ana.page.getByText(OFFLINE)).toBeVisible();
  await ana.context.setOffline(false);
  await expect(ana.page.getByText(OFFLINE)).toBeHidden();
  await writes(ana, "after 1");
  await expect(messageWith(ana, "after 1").getByText("Delivered")).toBeAttached();
  const all = [...numbered("before", 1, 4), ...numbered("during", 1, 4), "after 1"];
  expect(await ana.api.texts(id)).toEqual(all);
  await opensConversation(ben, ana.name);
  for (const text of all) await expect(messages(ben).getByRole("listitem").filter({ hasText: text })).toHaveCount(1);
  await expect(messages(ana).getByText("Waiting to be sent")).toHaveCount(0);
});

test("what was written offline survives closing the tab", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  const id = await ana.api.direct(ben.api.me);
  await opensConversation(ana, ben.name);
  await ana.context.setOffline(true);
  await writes(ana, "kept on this device");
  await expect(messageWith(ana, "kept on this device").getByText("Waiting to be sent")).toBeAttached();
  await ana.page.close();
  await ana.context.setOffline(false);
  const page = await ana.tab();
  await page.goto("/");
  await expect.poll(() => ana.api.texts(id)).toEqual(["kept on this device"]);
});

test("the server is killed in the middle of sending", async ({ somebody }) => {
  const server = await Server.startReady();
  try {
    const ana = await somebody("Ana", { url: server.url });
    const ben = await somebody("Ben", { url: server.url });
    ana.expects(/WebSocket connection|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET/);
    const id = await ana.api.direct(ben.api.me);
    await opensConversation(ana, ben.name);
    await opensConversation(ben, ana.name);
    const all = numbered("message", 1, 30);
    let killed: Promise<void> | null = null;
    for (const [index, text] of all.entries()) {
      await writes(ana, text);
      // Not awaited: what is being sent at this moment is what matters.
      if (index === 9) killed = server.kill();
      if (index === 19) {
        await killed;
        await server.run();
      }
      if (index === 24) {
        await server.kill();
        await server.run();
      }
    }
    await expect.poll(() => ana.api.texts(id)).toEqual(all);
    await expect(messageWith(ben, "message 30")).toBeVisible();
    await expect(messages(ana).getByText("Waiting to be sent")).toHaveCount(0);
    // The whole text: "message 3" and the time beside it read "message 301:15" at night.
    await expect(messages(ana).getByText("message 30", { exact: true })).toHaveCount(1);
  } finally {
    await server.remove();
  }
});

test("two tabs of one person share one outbox", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  const id = await ana.api.direct(ben.api.me);
  await opensConversation(ana, ben.name);
  const first = { page: ana.page };
  const second = { page: await ana.tab() };
  await second.page.goto(ana.page.url());
  await expect(second.page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await ana.context.setOffline(true);
  await writes(first, "from the first");
  await expect(messageWith(second, "from the first").getByText("Waiting to be sent")).toBeAttached();
  await writes(second, "from the second");
  await ana.context.setOffline(false);
  await Promise.all([writes(first, "one more"), writes(second, "another")]);
  await expect.poll(async () => (await ana.api.texts(id)).length).toBe(4);
  for (const tab of [first, second]) {
    for (const text of ["from the first", "from the second", "one more", "another"]) {
      await expect(messages(tab).getByRole("listitem").filter({ hasText: text })).toHaveCount(1);
    }
    await expect(messages(tab).getByText("Waiting to be sent")).toHaveCount(0);
  }
  // The tab that sent is closed: the other takes over.
  await first.page.close();
  await writes(second, "still going out");
  await expect.poll(async () => (await ana.api.texts(id)).at(-1)).toBe("still going out");
  expect(await ana.api.texts(id)).toHaveLength(5);
});

test("signing out with unsent messages asks, and keeps them for the next time", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await ana.api.direct(ben.api.me);
  await opensConversation(ana, ben.name);
  await ana.context.setOffline(true);
  await writes(ana, "not sent yet");
  await signsOut(ana);
  const dialog = ana.page.getByRole("dialog", { name: "Sign out with unsent messages?" });
  await expect(dialog).toContainText("One message has not been sent.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(messageWith(ana, "not sent yet")).toBeVisible();
});
