// Small screens, large letters and writing from right to left: nothing is wider than the screen, cut off or out of reach.
import type { BrowserContext, Page } from "@playwright/test";
import { expect, field, messageWith, test } from "../support/people";
import { SCREENS } from "../support/screens";
import { tour } from "../support/tour";

const button = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first();

/** The main screens, and what one must be able to do there. */
const MAIN: Record<string, ((page: Page) => ReturnType<Page["locator"]>)[]> = {
  login: [button("Sign in"), (page) => page.getByRole("link", { name: "Create an account" })],
  register: [button("Create account")],
  setup: [button("Create administrator")],
  forgot: [button("Send link")],
  "inbox-empty": [button("New conversation"), button(/^Your account/)],
  inbox: [button("New conversation"), (page) => page.getByRole("link", { name: /Office & coffee/ })],
  direct: [
    (page) => field({ page }),
    button("Emoji"),
    button("Details"),
    (page) => page.getByRole("heading", { name: "Ben Okafor" }),
  ],
  "direct-details": [button("Close details")],
  group: [(page) => field({ page }), button("Details")],
  "group-details": [button("Edit group"), button("Add people")],
  texts: [(page) => field({ page }), button("Note for colleagues"), button("Details")],
  "texts-written": [button(/^Replace/), button("Send")],
  "texts-failed": [button("Retry")],
  "texts-new": [button(/^Text \+44/), button("Close")],
  "message-menu": [(page) => page.getByRole("menuitem", { name: "Delete" })],
  "message-versions": [button("Close")],
  "new-conversation": [(page) => page.getByLabel("Find people"), button("New group"), button("Close")],
  "new-group": [button("Create group"), button("Close")],
  "settings-profile": [(page) => page.getByLabel("About")],
  "settings-appearance": [(page) => page.getByLabel("Language")],
  "settings-password": [button("Change password")],
  "settings-devices": [(page) => page.getByText("This device")],
  numbers: [(page) => page.getByRole("link", { name: "Buy a number" }), button("Top up")],
  "market-countries": [(page) => page.getByRole("link", { name: /^Germany/ })],
  market: [(page) => page.getByLabel("Contains digits"), (page) => page.getByRole("link", { name: /^\+1 202/ }).first()],
  "market-number": [button(/^Buy for/), button("Close")],
  number: [button("Renew now"), button("Share"), button("Release number")],
  verifications: [button("New verification"), button("Stop waiting")],
  figures: [button("As a table")],
  handsets: [button(/^Settings of/), (page) => page.getByRole("textbox").first()],
  "admin-users": [(page) => page.getByLabel("Search users"), button("Actions for Ben Okafor")],
  "admin-invitations": [button("Create invitation"), button("Revoke")],
  "admin-mails": [(page) => page.getByText(/ben\.okafor@example\.org/).first()],
  "admin-jobs": [button("Try again")],
};

/** What is wider than the screen, beyond its edge, or cut off without the dots that say so. */
function misfits(): string[] {
  const found: string[] = [];
  const name = (element: Element) => `${element.tagName} ${(element.textContent || element.className).slice(0, 60)}`;
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide, the screen ${innerWidth}`);
  elements: for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    const { left, right, width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (width <= 1 || height <= 1 || style.visibility === "hidden" || !element.checkVisibility()) continue;
    // Only for the ear.
    for (let each: Element | null = element; each; each = each.parentElement) {
      if (getComputedStyle(each).clipPath === "inset(50%)") continue elements;
    }
    if (element.closest("svg, [aria-hidden=true], [data-base-ui-focus-guard]")) continue;
    const scrolls = (each: Element | null): boolean =>
      each !== null &&
      ((/auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth) ||
        scrolls(each.parentElement));
    if ((left < -1 || right > innerWidth + 1) && !scrolls(element.parentElement))
      found.push(`beyond the edge: ${name(element)}`);
    const isText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const cut = element.scrollWidth > element.clientWidth + 1 && /hidden|clip/.test(style.overflowX);
    if (isText && cut && style.textOverflow !== "ellipsis") found.push(`cut off: ${name(element)}`);
  }
  return found;
}

async function fits(page: Page, name: string) {
  expect(await page.evaluate(misfits)).toEqual([]);
  for (const action of MAIN[name] ?? []) await action(page).click({ trial: true });
}

/** No language of the client is written from right to left yet, and the client sets the direction by the language. */
const turned = () => {
  new MutationObserver(() => {
    if (document.documentElement.dir !== "rtl") document.documentElement.dir = "rtl";
  }).observe(document, { attributeFilter: ["dir"], subtree: true });
};

const phone = { hasTouch: true, isMobile: true };
const RUNS = [
  {
    what: "320 px wide and at 200 %",
    rtl: false,
    screens: Object.keys(MAIN),
    kinds: [
      { device: "small", options: { viewport: { width: 320, height: 640 }, ...phone } },
      // Half as many of the page's pixels, each twice as large.
      { device: "zoomed", options: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 } },
    ],
  },
  {
    what: "from right to left",
    rtl: true,
    screens: [
      "login",
      "inbox",
      "direct",
      "direct-details",
      "group",
      "texts",
      "message-menu",
      "new-group",
      "settings-profile",
      "numbers",
      "market-number",
      "number",
      "handsets",
      "verifications",
      "admin-users",
    ],
    kinds: [
      { device: "turned", options: { viewport: { width: 1280, height: 800 } } },
      { device: "turned-narrow", options: { viewport: { width: 390, height: 844 }, ...phone } },
    ],
  },
];

test.describe.configure({ mode: "parallel" });

for (const { what, rtl, screens, kinds } of RUNS) {
  test(`the main screens fit and work ${what}`, async ({ browser, scene }) => {
    test.setTimeout(480_000);
    for (const { device, options } of kinds) {
      const trip = {
        ...{ device, options, looks: ["light"] as const },
        screens: SCREENS.filter(({ name }) => screens.includes(name)),
        prepare: (context: BrowserContext) => (rtl ? context.addInitScript(turned) : undefined),
      };
      await tour(browser, scene, trip, async (page, { name }) => {
        await fits(page, name);
        if (rtl) await isMirrored(page, name);
      });
    }
  });
}

/** What is mine stands at the end of a line, which is then the left. */
async function isMirrored(page: Page, name: string) {
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  if (name !== "direct") return;
  const middle = async (locator: ReturnType<Page["locator"]>) => {
    const box = await locator.boundingBox();
    return box ? box.x + box.width / 2 : Number.NaN;
  };
  const mine = await middle(messageWith({ page }, "Shall we talk at 3?").locator(".touch-pan-y"));
  const theirs = await middle(messageWith({ page }, "Great work, everybody.").locator(".touch-pan-y"));
  expect(mine).toBeLessThan(theirs);
  // A phone beside it sends, too.
  const main = page.getByRole("main");
  expect(await middle(main.getByRole("button", { name: "Send" }))).toBeLessThan(await middle(field({ page })));
  expect(await middle(main.getByRole("button", { name: "Details" }))).toBeLessThan(
    await middle(page.getByRole("heading", { name: "Ben Okafor" })),
  );
}
