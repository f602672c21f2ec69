// Without a pointer, from the first page on.
import { expect, messageWith, opensConversation, PASSWORD, test, writes } from "../support/people";

test("sign in, find a person, send and reply by keyboard alone", async ({ somebody }) => {
  const ana = await somebody("Ana", { signedIn: false });
  const ben = await somebody("Ben");
  const { page } = ana;
  const keys = page.keyboard;
  const focused = page.locator(":focus");
  /** Goes on with Tab until something of that name has the focus. */
  const tabTo = async (name: RegExp) => {
    for (let step = 0; step < 30; step += 1) {
      const here = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.ariaLabel || element?.labels?.[0]?.textContent || element?.textContent || "";
      });
      if (name.test(here)) return;
      await keys.press("Tab");
    }
    throw new Error(`nothing named ${name} could be reached`);
  };

  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await tabTo(/^User name or email/);
  await keys.type(ana.username);
  await keys.press("Tab");
  await tabTo(/^Password/);
  await keys.type(PASSWORD);
  await keys.press("Enter");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();

  await keys.press("c");
  await expect(page.getByLabel("Find people")).toBeFocused();
  await keys.type(ben.username);
  await expect(page.getByRole("dialog").getByText(`@${ben.username}`)).toBeVisible();
  await keys.press("Enter");
  const field = page.getByRole("textbox", { name: "Message" });
  await expect(field).toBeFocused();
  await keys.type("written by hand");
  await keys.press("Enter");
  await expect(messageWith(ana, "written by hand").getByText("Delivered")).toBeAttached();

  await opensConversation(ben, ana.name);
  await writes(ben, "well done");
  await expect(messageWith(ana, "well done")).toBeVisible();
  await keys.press("Escape");
  await expect(focused).toContainText("well done");
  await keys.press("k");
  await expect(focused).toContainText("written by hand");
  await keys.press("j");
  await keys.press("r");
  await expect(field).toBeFocused();
  await keys.type("thank you");
  await keys.press("Enter");
  await expect(messageWith(ben, "thank you").getByText("well done")).toBeVisible();

  await expect(messageWith(ana, "thank you").getByText("Waiting to be sent")).toHaveCount(0);
  await expect(messageWith(ana, "thank you").getByText("Read", { exact: true })).toBeAttached();
  await keys.press("ArrowUp");
  await expect(field).toHaveValue("thank you");
  await keys.press("Escape");
  await keys.press("Escape");
  await keys.press("+");
  await expect(page.getByRole("button", { name: "React with 👍" })).toBeVisible();
  await keys.press("Escape");
  await keys.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  for (const words of ["Send what you wrote", "New line", "**bold**"])
    await expect(sheet.getByText(words)).toBeVisible();
  await keys.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(focused, "the focus comes back").toContainText("well done");
});

test("letters act nowhere while typing, and not at all when they are switched off", async ({ somebody }) => {
  const ana = await somebody("Ana", { at: "/settings/appearance" });
  await ana.page.getByRole("switch", { name: "Single-letter shortcuts" }).click();
  await ana.page.goto("/");
  await expect(ana.page.getByRole("button", { name: "New conversation" })).toBeVisible();
  await ana.page.keyboard.press("c");
  await expect(ana.page.getByRole("dialog")).toHaveCount(0);
});
