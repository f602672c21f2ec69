// What stays on a device, and what happens when the server becomes newer than a tab.
import { chromium } from "@playwright/test";
import { expect, field, fillsAccount, inbox, messageWith, opensConversation, test, writes } from "../support/people";
import { Server } from "../support/server";

test("the shell is kept for starting offline, and nothing of a person is", async ({ somebody }) => {
  const ana = await somebody("Ana");
  const ben = await somebody("Ben", { signedIn: false });
  ana.expects(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await ana.api.direct(ben.api.me);
  await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await opensConversation(ana, ben.name);
  await writes(ana, "between us");
  await ana.page.reload();
  await expect(field(ana)).toBeVisible();
  const kept = await ana.page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => path.startsWith("/api"))).toEqual([]);
  // The page is asked for anew each time, so that a new build is there at once.
  const page = await fetch(`${ana.api.url}/`);
  expect(page.headers.get("cache-control")).toBe("no-cache");

  await ana.context.setOffline(true);
  await ana.page.reload();
  await expect(ana.page.getByText(/cannot be reached/)).toBeVisible();
});

test("a file of an older build is missing, never a page, and the tab loads the new one", async ({ somebody }) => {
  const gone = await fetch(`${process.env.CONVO_E2E_URL}/assets/of-another-build.js`);
  expect(gone.status).toBe(404);
  expect(gone.headers.get("content-type")).not.toContain("text/html");

  const ana = await somebody("Ana", { serviceWorkers: "block" });
  ana.expects(/404|A piece of the client|Failed to fetch dynamically imported module|error loading dynamically|preload/);
  const { page } = ana;
  let missing = true;
  await page.route(/assets\/(settings|profile|layout)[^/]*\.js/i, (route) =>
    missing ? route.fulfill({ status: 404, body: "" }) : route.continue(),
  );
  // A server that is only stopping has the same page still: nothing is loaded anew then.
  const opensSettings = () =>
    page.evaluate(() => {
      history.pushState(null, "", "/settings/profile");
      dispatchEvent(new PopStateEvent("popstate"));
    });
  await page.evaluate(() => Object.assign(window, { isTheSame: true }));
  await opensSettings();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  expect(await page.evaluate(() => "isTheSame" in window)).toBe(true);

  missing = false;
  await page.goto("/");
  await expect(inbox({ page })).toBeVisible();
  missing = true;
  await page.route(/\/$/, async (route) => {
    if (route.request().resourceType() !== "fetch") return route.continue();
    const today = await route.fetch();
    await route.fulfill({ response: today, body: (await today.text()).replace("/assets/index-", "/assets/newer-") });
  });
  const reloaded = page.waitForEvent("load");
  await opensSettings();
  await reloaded;
  missing = false;
  await page.goto("/settings/profile");
  await expect(page.getByLabel("About")).toBeVisible();
});

test("over plain HTTP from another machine, where browsers hold much back, people write and pay", async () => {
  const server = await Server.start((port) => ({ CONVO_PUBLIC_URL: `http://convo.test:${port}` }));
  const { launchOptions } = test.info().project.use;
  const args = [...(launchOptions?.args ?? []), "--host-resolver-rules=MAP convo.test 127.0.0.1"];
  const browser = await chromium.launch({ ...launchOptions, args });
  const page = await browser.newPage({ locale: "en-GB" });
  await page.goto(server.setupLink);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await fillsAccount(page, "ana", "Ana");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("button", { name: "Open notes" }).click();
  await writes({ page }, "from the next room");
  // Notes to oneself are read as soon as they are sent.
  await expect(messageWith({ page }, "from the next room").getByText(/^(Sent|Read)$/)).toBeAttached();
  await page.goto(new URL("/settings/wallet", server.setupLink).href);
  await page.getByRole("button", { name: "Top up", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Top up" }).click();
  await expect(page.getByRole("link", { name: /Test money \$20\.00/ })).toBeVisible();
  await browser.close();
  await server.remove();
});
