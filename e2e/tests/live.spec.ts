// Two people with a browser each.
import { expect, field, messageWith, opensConversation, signsIn, test, writes } from "../support/people";

test("sent, delivered and read are told as they happen, and who is writing", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  await ana.api.direct(ben.api.me);
  await opensConversation(ana, ben.name);
  await writes(ana, "are you there?");
  await expect(messageWith(ana, "are you there?").getByText("Sent", { exact: true })).toBeAttached();

  await signsIn(ben);
  await expect(messageWith(ana, "are you there?").getByText("Delivered")).toBeAttached();
  await opensConversation(ben, ana.name);
  await expect(ben.page.getByText("Unread messages")).toBeVisible();
  await expect(messageWith(ana, "are you there?").getByText("Read", { exact: true })).toBeAttached();

  await field(ben).pressSequentially("a draft");
  await expect(ana.page.getByText(`${ben.name} is typing…`).last()).toBeVisible();
  await field(ben).fill("yes");
  await field(ben).press("Enter");
  await expect(messageWith(ana, "yes")).toBeVisible();
  await expect(ana.page.getByText(`${ben.name} is typing…`)).toHaveCount(0);
  await expect(messageWith(ben, "yes").getByText("Read", { exact: true })).toBeAttached();
});

test("a new message while reading above keeps the place and offers the way down", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  const id = await ben.api.direct(ana.api.me);
  for (let n = 1; n <= 60; n += 1) await ben.api.send(id, `line ${n}\n\nwith more below`);
  await opensConversation(ana, ben.name);
  await ana.page.getByRole("button", { name: /Go to/ }).click();
  const last = messageWith(ana, "line 60");
  await expect(last).toBeInViewport();
  await last.hover();
  await ana.page.mouse.wheel(0, -1500);
  const place = () =>
    ana.page.evaluate(() => {
      const top = document.querySelector("main .scroll-y")?.getBoundingClientRect().top ?? 0;
      const row = [...document.querySelectorAll("main li")].find((li) => li.getBoundingClientRect().top >= top);
      return { text: row?.textContent?.slice(0, 12), at: Math.round(row?.getBoundingClientRect().top ?? 0) };
    });
  await expect(last).not.toBeInViewport();
  let before = await place();
  const stands = async () => {
    const was = before;
    before = await place();
    return before.text === was.text && before.at === was.at;
  };
  // The wheel has come to rest.
  await expect.poll(stands, { intervals: [100] }).toBe(true);
  await ben.api.send(id, "something new");
  await expect(ana.page.getByRole("button", { name: /1 new message/ })).toBeVisible();
  expect(await place()).toEqual(before);
  await ana.page.getByRole("button", { name: /1 new message/ }).click();
  await expect(messageWith(ana, "something new")).toBeInViewport();
});

test("writing and sending move nothing but the messages", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  const id = await ana.api.direct(ben.api.me);
  for (let n = 1; n <= 30; n += 1) await ana.api.send(id, `line ${n}`);
  await opensConversation(ana, ben.name);
  await expect(messageWith(ana, "line 30")).toBeVisible();
  const box = () => field(ana).boundingBox();
  const before = await box();
  await ana.page.evaluate(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift" });
  });
  await ben.api.call("POST", `/conversations/${id}/receipt`, { delivered_seq: 30, read_seq: 30 });
  await field(ana).fill("short");
  expect(await box()).toEqual(before);
  await field(ana).press("Enter");
  await expect(messageWith(ana, "short").getByText("Sent", { exact: true })).toBeAttached();
  expect(await box()).toEqual(before);
  const { shift } = await ana.page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen);
  expect(shift).toBeLessThan(0.02);
});
