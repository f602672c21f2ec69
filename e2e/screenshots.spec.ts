// Pictures of every screen for people to look at: CONVO_SCREENSHOTS=1 npx playwright test
import { join } from "node:path";
import { test } from "./support/people";
import { DEVICES, tour } from "./support/tour";

test.describe.configure({ mode: "parallel" });

for (const device of Object.keys(DEVICES) as (keyof typeof DEVICES)[]) {
  test(`pictures on a ${device} screen`, async ({ browser, scene }) => {
    await tour(browser, scene, { device, options: DEVICES[device] }, async (page, { name }, look) => {
      // Pointers and focus rings of the way here are no part of the picture; pictures of people may still be coming.
      await page.waitForTimeout(120);
      await page.screenshot({ path: join(import.meta.dirname, "screenshots", `${name}-${device}-${look}.png`) });
    });
  });
}
