// Every screen and every layer, in both looks, on a desk and on a phone.
import { isAccessible } from "../support/axe";
import { test } from "../support/people";
import { DEVICES, tour } from "../support/tour";

test.describe.configure({ mode: "parallel" });

for (const device of Object.keys(DEVICES) as (keyof typeof DEVICES)[]) {
  test(`no screen has an accessibility finding on a ${device} screen`, async ({ browser, scene }) => {
    test.setTimeout(480_000);
    await tour(browser, scene, { device, options: DEVICES[device] }, (page, { name }, look) =>
      isAccessible(page, `${name} ${look}`, look === "light" ? "full" : "colours"),
    );
  });
}
