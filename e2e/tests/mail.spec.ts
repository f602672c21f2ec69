// A server of its own with a real mail server behind it, from its first start on.
import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import { isAccessibleEverywhere } from "../support/axe";
import { expect, field, fillsAccount, PASSWORD, signsIn, test } from "../support/people";
import { Server } from "../support/server";

/** Takes mails in, and gives the newest one to somebody. */
async function postOffice() {
  const mails: { to: string; text: string }[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({ to: session.envelope.rcptTo[0]?.address ?? "", text: decoded(Buffer.concat(chunks).toString()) });
        done();
      });
    },
  });
  smtp.listen(0, "127.0.0.1");
  await once(smtp.server, "listening");
  const { port } = smtp.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}?tls=none`,
    /** The link with that path in the newest mail to this address. */
    async link(to: string, path: string): Promise<string> {
      let found: string | undefined;
      await expect
        .poll(() => {
          const mail = mails.findLast((each) => each.to === to && each.text.includes(path));
          found = mail && /https?:\/\/\S+/.exec(mail.text.slice(mail.text.search(/https?:\/\//)))?.[0];
          return found;
        })
        .toBeTruthy();
      return found as string;
    },
    close: () => new Promise<void>((done) => smtp.close(done)),
  };
}

/** Quoted-printable, as far as a link needs it. */
const decoded = (raw: string) =>
  raw.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

test("the first administrator, a confirmed address and a new password by mail", async ({ stranger }) => {
  const post = await postOffice();
  const server = await Server.start({ CONVO_MAIL_SMTP_URL: post.url, CONVO_MAIL_FROM: "Convo <convo@example.org>" });
  try {
    const first = await stranger({ url: server.url });
    const setup = new URL(server.setupLink);
    await first.page.goto(setup.pathname + setup.hash);
    await fillsAccount(first.page, "admin", "Ada Admin");
    await first.page.getByRole("button", { name: "Create administrator" }).click();
    await expect(first.page.getByRole("heading", { name: "Welcome, Ada Admin." })).toBeVisible();
    await isAccessibleEverywhere(first.page, "first run");
    // The way to a second person stays in sight until it was taken.
    await first.page.getByRole("button", { name: "Open notes" }).click();
    await expect(field(first)).toBeVisible();
    await expect(first.page.getByRole("region", { name: "Invite a colleague" })).toBeVisible();
    await isAccessibleEverywhere(first.page, "the first notes");
    await first.page.getByRole("link", { name: "Inbox" }).click();
    await expect(first.page.getByRole("heading", { name: "Welcome, Ada Admin." })).toBeVisible();
    await first.page.getByRole("button", { name: "Create link" }).click();
    await expect(first.page.getByLabel("Invitation link")).toHaveValue(/register/);
    await first.page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    // What is done says so, until all of it is done or nobody wants it.
    await expect(first.page.getByRole("main").getByText("Done", { exact: true })).toHaveCount(2);
    await first.page.getByRole("button", { name: "Close, and do not show it again" }).click();
    await expect(first.page.getByText("Choose a conversation, or start one.")).toBeVisible();
    await first.page.close();

    const person = await stranger({ url: server.url });
    const { page } = person;
    person.username = "mia";
    await page.goto("/register");
    await fillsAccount(page, "mia", "Mia Mail");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
    await isAccessibleEverywhere(page, "check your mail");
    await page.goto(await post.link("mia@example.org", "/verify#"));
    person.expects(/422/);
    await page.getByLabel("Password", { exact: true }).fill("somebody else's password");
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await expect(page.getByText("That password is not right.")).toBeVisible();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();

    const elsewhere = await stranger({ url: server.url });
    await elsewhere.page.goto("/forgot");
    await elsewhere.page.getByLabel("Email").fill("mia@example.org");
    await elsewhere.page.getByRole("button", { name: "Send link" }).click();
    await expect(elsewhere.page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
    await elsewhere.page.goto(await post.link("mia@example.org", "/reset#"));
    const renewed = "copper-meadow-whistle-47";
    await elsewhere.page.getByLabel("New password", { exact: true }).fill(renewed);
    await elsewhere.page.getByRole("button", { name: "Change password" }).click();
    await expect(elsewhere.page.getByRole("heading", { name: "Your password is changed" })).toBeVisible();

    // Every device was signed out, and the old password is of no use any more.
    person.expects(/401/);
    await expect(page.getByText("Your password was changed. Sign in with the new one.")).toBeVisible();
    await signsIn(person, PASSWORD);
    await expect(page.getByRole("alert")).toContainText("do not fit together");
    await signsIn(person, renewed);
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    // What is open would complain that the server is gone.
    for (const each of [page, elsewhere.page]) await each.close();
  } finally {
    await server.remove();
    await post.close();
  }
});

test("whoever joined before mail worked confirms the address later", async ({ somebody }) => {
  const post = await postOffice();
  const server = await Server.startReady();
  try {
    const mia = await somebody("Mia", { url: server.url, at: "/settings/profile" });
    const { page } = mia;
    mia.expects(/ERR_CONNECTION|WebSocket connection|5\d\d/);
    await expect(page.getByText("Not confirmed. Only you see it.")).toBeVisible();
    await expect(page.getByText("Nothing changed yet.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Send confirmation link" })).toHaveCount(0);

    await server.stop();
    await server.run({ CONVO_MAIL_SMTP_URL: post.url, CONVO_MAIL_FROM: "Convo <convo@example.org>" });
    await page.reload();
    await page.getByRole("button", { name: "Send confirmation link" }).click();
    await expect(page.getByText("The link is on its way.")).toBeVisible();
    await isAccessibleEverywhere(page, "the link is on its way");
    const confirming = await mia.tab();
    await confirming.goto(await post.link(`${mia.username}@example.org`, "/verify#"));
    await confirming.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await confirming.getByRole("button", { name: "Confirm and sign in" }).click();
    await expect(confirming.getByRole("navigation", { name: "Main" })).toBeVisible();
    await expect(page.getByText("Confirmed. Only you see it.", { exact: true }), "in the other tab, too").toBeVisible();
  } finally {
    await server.remove();
    await post.close();
  }
});
