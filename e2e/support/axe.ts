import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const OPTIONS = {
  // Menus are layers of their own, outside of every landmark.
  full: { runOnly: RULES, rules: { region: { enabled: false } } },
  /** What another look of the same screen can change. */
  colours: { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } },
};

/** Accessible as far as a machine can tell. The menu library's own focus guards are hidden on purpose. */
export async function isAccessible(page: Page, what = page.url(), which: keyof typeof OPTIONS = "full") {
  const session = await page.context().newCDPSession(page);
  // Through the debugger, because the page's policy refuses scripts of others.
  await session.send("Runtime.evaluate", { expression: `if (!window.axe) { ${AXE} }` });
  const options = JSON.stringify({ ...OPTIONS[which], resultTypes: ["violations"] });
  const run = `axe.run({ exclude: [["[data-base-ui-focus-guard]"]] }, ${options})
    .then((result) => JSON.stringify(result.violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 200))))`;
  const findings = async (): Promise<string[]> => {
    // What moves in or out, or changes its colour, is neither for a moment.
    await page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame += 1) await new Promise((next) => requestAnimationFrame(next));
      await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)));
    });
    const { result } = await session.send("Runtime.evaluate", {
      expression: run,
      awaitPromise: true,
      returnByValue: true,
    });
    return JSON.parse(result.value);
  };
  // A finding counts when it stays.
  await expect.poll(findings, { message: what }).toEqual([]);
  await session.detach();
}

/** In both looks, on a desk and on a phone; for a screen that can only be met on the way. */
export async function isAccessibleEverywhere(page: Page, what: string) {
  const before = page.viewportSize();
  for (const viewport of [{ width: 390, height: 844 }, before ?? { width: 1280, height: 800 }]) {
    await page.setViewportSize(viewport);
    for (const look of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: look });
      await expect(page.locator("html")).toHaveAttribute("data-theme", look);
      await isAccessible(page, `${what} ${viewport.width} ${look}`, look === "light" ? "full" : "colours");
    }
  }
}
