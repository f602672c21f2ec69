// Visits every screen in a browser of its own kind, in both looks.
import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { opens } from "./people";
import type { Scene } from "./scene";
import { SCREENS, type Screen } from "./screens";

export const DEVICES = {
  wide: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

type Visit = (page: Page, screen: Screen, look: "light" | "dark") => Promise<void>;

type Tour = {
  device: string;
  options: BrowserContextOptions;
  screens?: Screen[];
  looks?: readonly ("light" | "dark")[];
  prepare?: (context: BrowserContext) => unknown;
};

export async function tour(
  browser: Browser,
  scene: Scene,
  { device, options, screens = SCREENS, looks = ["light", "dark"], prepare }: Tour,
  visit: Visit,
) {
  const { server } = scene;
  const newcomer = await Api.register(server.url, `new-${device}`, "Noor Newcomer");
  const people = { ada: await Api.login(server.url, "admin"), newcomer, nobody: null };
  const faults: string[] = [];
  for (const who of ["nobody", "newcomer", "ada"] as const) {
    const context = await opens(browser, people[who], null, {
      url: server.url,
      signedIn: who !== "nobody",
      reducedMotion: "reduce",
      ...options,
    });
    await prepare?.(context);
    const page = await context.newPage();
    for (const screen of screens.filter((each) => each.who === who)) {
      try {
        await page.goto("about:blank");
        await page.goto(typeof screen.at === "string" ? screen.at : screen.at(scene));
        await expect(page.getByText(screen.shows).first()).toBeVisible();
        await screen.opens?.(page, scene);
        if (screen.opens && !screen.inPlace) {
          await expect(page.getByRole("dialog").or(page.getByRole("menu")).first()).toBeVisible();
        }
        for (const look of looks) {
          await page.emulateMedia({ colorScheme: look });
          await expect(page.locator("html")).toHaveAttribute("data-theme", look);
          await visit(page, screen, look);
        }
      } catch (error) {
        faults.push(`${device} ${screen.name}: ${(error as Error).message.slice(0, 1500)}`);
      }
      await page.emulateMedia({ colorScheme: "light" });
      await context.setOffline(false);
    }
    await context.close();
  }
  expect(faults.join("\n\n")).toBe("");
}
