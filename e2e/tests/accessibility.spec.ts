// Every screen and every layer, in both looks, on a desk and on a phone.
import { test } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { furnish } from "../support/scene";
import { Server } from "../support/server";
import { DEVICES, tour } from "../support/tour";

test.describe.configure({ mode: "parallel" });

for (const device of Object.keys(DEVICES) as (keyof typeof DEVICES)[]) {
  test(`no screen has an accessibility finding on a ${device} screen`, async ({ browser }) => {
    test.setTimeout(240_000);
    const server = await Server.startReady();
    try {
      await tour(browser, await furnish(server), { device, options: DEVICES[device] }, (page, { name }, look) =>
        isAccessible(page, `${name} ${look}`, look === "light" ? "full" : "colours"),
      );
    } finally {
      await server.remove();
    }
  });
}
