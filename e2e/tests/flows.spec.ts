// What people do every day, from a phone to a desk.
import {
  does,
  expect,
  field,
  findsAndOpens,
  inbox,
  messages,
  messageWith,
  opensConversation,
  signsIn,
  test,
  writes,
} from "../support/people";

const WIDTHS = [
  { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: "tablet", viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  { name: "desk", viewport: { width: 1280, height: 800 } },
];

for (const { name, ...device } of WIDTHS) {
  test(`the main flows on a ${name}`, async ({ administrator, somebody }) => {
    const ada = await administrator({ ...device, signedIn: false });
    const ben = await somebody("Ben");
    const { page } = ada;

    await test.step("sign in, find a person, send", async () => {
      await signsIn(ada);
      await findsAndOpens(ada, ben);
      await writes(ada, "Hello **Ben**");
      await expect(messageWith(ada, "Hello Ben").getByText("Delivered")).toBeAttached();
      await opensConversation(ben, ada.name);
      await expect(messageWith(ben, "Hello Ben")).toBeVisible();
    });

    await test.step("reply and react", async () => {
      await writes(ben, "Hello Ada");
      await does(ada, "Hello Ada", "Reply");
      await writes(ada, "Nice to meet you");
      await expect(messageWith(ben, "Nice to meet you").getByText("Hello Ada")).toBeVisible();
      await does(ada, "Hello Ada", "React");
      await page.getByRole("button", { name: "React with 👍" }).click();
      await expect(messageWith(ben, "Hello Ada").getByRole("list", { name: "Reactions" })).toContainText("👍");
    });

    await test.step("edit and delete", async () => {
      await does(ada, "Nice to meet you", "Edit");
      await expect(field(ada)).toHaveValue("Nice to meet you");
      await field(ada).fill("Good to meet you");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(messageWith(ben, "Good to meet you").getByText("edited")).toBeVisible();
      await does(ada, "Good to meet you", "Earlier versions");
      await expect(page.getByRole("dialog").getByText("Nice to meet you")).toBeVisible();
      await page.keyboard.press("Escape");
      await does(ada, "Good to meet you", "Delete");
      await page.getByRole("button", { name: "Delete for everyone" }).click();
      await expect(messages(ben).getByText("Message deleted")).toBeVisible();
      await expect(messages(ada).getByText("Message deleted")).toBeVisible();
    });

    const title = `Launch ${ben.username}`;
    await test.step("a group with its details", async () => {
      await page.goto("/");
      await page.getByRole("button", { name: "New conversation" }).click();
      await page.getByRole("button", { name: "New group" }).click();
      await page.getByLabel("Name of the group").fill(title);
      await page.getByLabel("Find people").fill(ben.username);
      await page.getByRole("dialog").getByText(`@${ben.username}`).click();
      await page.getByRole("button", { name: "Create group" }).click();
      await expect(messages(ada).getByText("You created the group")).toBeVisible();
      await opensConversation(ben, title);
      await page.getByRole("button", { name: "Details", exact: true }).click();
      const details = page.getByRole("complementary", { name: `Details of ${title}` });
      await expect(details.getByText(ben.name)).toBeVisible();
      await details.getByRole("button", { name: "Edit group" }).click();
      await page.getByLabel("Name of the group").fill(`${title} take-off`);
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(ben.page.getByRole("heading", { name: `${title} take-off` })).toBeVisible();
      await page.getByRole("button", { name: "Close details" }).click();
    });

    await test.step("archive and undo", async () => {
      await page.getByRole("main").getByRole("button", { name: "More" }).first().click();
      await page.getByRole("menuitem", { name: "Archive" }).click();
      // Not the answer to archiving, which may still be on its way.
      const restored = page.waitForResponse(
        (response) => response.url().endsWith("/mine") && response.request().postDataJSON().archived === false,
      );
      await page.getByRole("button", { name: "Undo" }).click();
      await restored;
      await page.goto("/");
      await expect(inbox(ada).getByRole("link", { name: title })).toBeVisible();
    });

    await test.step("settings", async () => {
      await page.getByRole("button", { name: "Your account: Ada Admin" }).click();
      await page.getByRole("menuitem", { name: "Settings" }).click();
      await page.getByLabel("About").fill(`Runs this server from a ${name}.`);
      await page.getByRole("button", { name: "Save profile" }).click();
      await expect(page.getByText("Profile saved")).toBeVisible();
      await page.getByRole("link", { name: "Devices" }).click();
      await expect(page.getByText("This device")).toBeVisible();
    });

    await test.step("admin", async () => {
      await page.getByRole("link", { name: "Admin", exact: true }).click();
      await page.getByLabel("Search users").fill(ben.username);
      await expect(page.getByText(`@${ben.username}`)).toBeVisible();
      await expect(page).toHaveURL(`/admin/users?search=${ben.username}`);
      // Going on while the search settles leads where it was meant to.
      await page.getByLabel("Search users").fill("");
      await page.getByRole("link", { name: "Invitations" }).click();
      await page.getByRole("button", { name: "Create invitation" }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: "Create link" }).click();
      await expect(page.getByLabel("Invitation link")).toHaveValue(/\/register#/);
      await page.getByRole("button", { name: "Close" }).click();
    });

    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, "nothing is wider than the screen").toBeLessThanOrEqual(0);
    const { conversations } = await ben.api.call<{ conversations: { kind: string; id: string }[] }>(
      "GET",
      "/conversations",
    );
    const direct = conversations.find(({ kind }) => kind === "direct");
    expect(await ada.api.texts(direct?.id ?? "")).toEqual(["Hello **Ben**", "Hello Ada", ""]);
  });
}
