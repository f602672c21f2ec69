import { defineConfig } from "@playwright/test";

const pictures = process.env.CONVO_SCREENSHOTS === "1";

/** A browser against the real server, which `support/global-setup.ts` starts. CONVO_SCREENSHOTS=1 only takes pictures. */
export default defineConfig({
  testDir: ".",
  testMatch: pictures ? "screenshots.spec.ts" : "tests/*.spec.ts",
  globalSetup: "./support/global-setup.ts",
  workers: 2,
  // Bounds for what hangs, not for what is slow: two cores may be shared with others.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    actionTimeout: 30_000,
    baseURL: process.env.CONVO_E2E_URL,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    // Recording every step would cost a third of the run: ask for it with --trace on.
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CONVO_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
