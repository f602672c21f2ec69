// Visits every screen in a browser of its own kind, in both looks.
import { type Browser, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { opens } from "./people";
import type { Scene } from "./scene";
import { SCREENS, type Screen } from "./screens";

export const DEVICES = {
  wide: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

type Visit = (page: Page, screen: Screen, look: "light" | "dark") => Promise<void>;

export async function tour(browser: Browser, scene: Scene, device: keyof typeof DEVICES, visit: Visit) {
  const { server } = scene;
  const newcomer = await Api.register(server.url, `new-${device}`, "Noor Newcomer");
  const people = { ada: await Api.login(server.url, "admin"), newcomer, nobody: null };
  const faults: string[] = [];
  for (const who of ["nobody", "newcomer", "ada"] as const) {
    const context = await opens(browser, people[who], null, {
      url: server.url,
      signedIn: who !== "nobody",
      reducedMotion: "reduce",
      ...DEVICES[device],
    });
    const page = await context.newPage();
    for (const screen of SCREENS.filter((each) => each.who === who)) {
      try {
        await page.goto("about:blank");
        await page.goto(typeof screen.at === "string" ? screen.at : screen.at(scene));
        await expect(page.getByText(screen.shows).first()).toBeVisible({ timeout: 5_000 });
        await screen.opens?.(page, scene);
        if (screen.opens && !screen.inPlace) {
          await expect(page.getByRole("dialog").or(page.getByRole("menu")).first()).toBeVisible();
        }
        for (const look of ["light", "dark"] as const) {
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
