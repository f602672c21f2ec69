// What was meant while away, and what is done about it on coming back.
import { expect, field, inbox, signsOut, test } from "../support/people";

test("signing out offline ends the session when the network is back", async ({ somebody }) => {
  const ana = await somebody("Ana");
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection|401/);
  // The menu is in a file of its own, which is kept from the first visit on.
  await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ana.page.reload();
  await expect(inbox(ana)).toBeVisible();
  await ana.context.setOffline(true);
  await signsOut(ana);
  await expect(ana.page.getByText("You are signed out on this device.")).toBeVisible();
  expect((await ana.api.call<{ id: string }>("GET", "/users/me")).id).toBe(ana.api.me.id);
  await ana.context.setOffline(false);
  const ended = () => ana.api.call("GET", "/users/me").then(String, (error: Error) => error.message);
  await expect.poll(ended).toContain("401");
  await ana.page.reload();
  await expect(ana.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("opening a conversation takes back that it was marked unread", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  const id = await ana.api.direct(ben.api.me);
  type View = { conversation: { mine: { marked_unread: boolean } } };
  const marked = async () => (await ana.api.call<View>("GET", `/conversations/${id}`)).conversation.mine.marked_unread;
  await ana.api.send(id, "read by me, as I wrote it");
  await ana.api.call("PUT", `/conversations/${id}/mine`, { marked_unread: true });
  const entry = inbox(ana).getByRole("link", { name: ben.name });
  await expect(entry.getByText("unread")).toBeVisible(); // The row comes before the mark does.
  await entry.click();
  await expect(field(ana)).toBeVisible();
  await expect.poll(marked).toBe(false);

  // Marked while it is open it stays so, until it is opened again.
  await field(ana).press("Escape");
  await ana.page.keyboard.press("u");
  await expect.poll(marked).toBe(true);
  await entry.click();
  await expect.poll(marked).toBe(false);
});
