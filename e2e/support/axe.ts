import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Accessible as far as a machine can tell. The menu library's own focus guards are hidden on purpose. */
export async function isAccessible(page: Page, what = page.url()) {
  // What moves in or out is half transparent for a moment.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))));
  const session = await page.context().newCDPSession(page);
  // Through the debugger, because the page's policy refuses scripts of others.
  await session.send("Runtime.evaluate", { expression: AXE });
  const run = `axe.run({ exclude: [["[data-base-ui-focus-guard]"]] }, { runOnly: ${JSON.stringify(RULES)} })
    .then((result) => JSON.stringify(result.violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 200)).slice(0, 3).join(" | "))))`;
  const { result } = await session.send("Runtime.evaluate", { expression: run, awaitPromise: true, returnByValue: true });
  await session.detach();
  expect(JSON.parse(result.value), what).toEqual([]);
}
