// A small company in which every screen has something to show.
import { expect } from "@playwright/test";
import { Api } from "./api";
import { failMails } from "./history";
import { textsFrom } from "./phones";
import type { Server } from "./server";

type Phones = { number: string; texts: string; failed: string; stopped: string };
export type Scene = { server: Server; ada: Api; ben: Api; direct: string; group: string; quiet: string } & Phones;

export async function furnish(server: Server): Promise<Scene> {
  const [ada, ben, eve, kim, lea] = (await Promise.all([
    Api.login(server.url, "admin"),
    Api.register(server.url, "ben.okafor", "Ben Okafor"),
    Api.register(server.url, "eve", "Eve Lindqvist"),
    Api.register(server.url, "kim", "Kim Nguyen"),
    Api.register(server.url, "lea-marie", "Léa-Marie de la Fontaine-Beauregard"),
  ])) as [Api, Api, Api, Api, Api];
  const react = (who: Api, id: string, seq: number, emoji: string) =>
    who.call("PUT", `/conversations/${id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);

  const withPhones = await phones(ada, ben);
  await ada.call("PUT", "/admin/carriers/acme-uk", {
    enabled: false,
    smpp: { host: "smsc.acme.example", system_id: "convo", country: "GB" },
    prices: { text_micros: 40_000 },
  });

  const notes = await ada.direct(ada.me);
  await ada.send(notes, "Renew the certificate before **1 December**");

  const old = await kim.direct(ada.me);
  await kim.send(old, "Thanks, that is all from my side.");
  await ada.call("PUT", `/conversations/${old}/mine`, { archived: true });

  const quiet = await lea.group("Office & coffee", [ada.me, ben.me, eve.me]);
  for (const text of ["The machine is being repaired.", "It is back!", "Beans are in the cupboard."])
    await lea.send(quiet, text);
  await ada.call("PUT", `/conversations/${quiet}/mine`, { muted_until: "9999-12-31T00:00:00Z" });

  const group = await ada.group("Launch", [ben.me, eve.me, lea.me]);
  await ada.call("PATCH", `/conversations/${group}`, { description: "Everything about the launch on 1 December." });
  await eve.send(
    group,
    "Good morning! The plan for today:\n\n1. Freeze the branch\n2. Run the **load test**\n3. Write the notes",
  );
  await ben.send(group, "I start with the load test.");
  await ben.send(group, "```sh\nmake bench\n```");
  const asked = await ada.send(group, "Who writes the notes?");
  await eve.send(group, "I do", asked.seq);
  await react(ben, group, asked.seq, "👍");
  await react(eve, group, asked.seq, "👍");
  await react(ada, group, asked.seq, "🎉");
  await lea.send(group, "🎉");

  const direct = await ben.direct(ada.me);
  await ben.send(direct, "Did you see the numbers of last week?");
  const first = await ada.send(
    direct,
    "Yes: 12 % more than the week before. The list is at https://example.org/numbers",
  );
  await ada.call("PATCH", `/conversations/${direct}/messages/${first.seq}`, {
    body: "Yes: 14 % more than the week before. The list is at https://example.org/numbers",
  });
  const wrong = await ada.send(direct, "Wrong window, sorry");
  await ada.call("DELETE", `/conversations/${direct}/messages/${wrong.seq}?for=everyone`);
  await ben.send(direct, "Great work, everybody.", first.seq);
  await react(ben, direct, first.seq, "❤️");
  await ada.send(direct, "Shall we talk at 3?");
  await ben.call("POST", `/conversations/${direct}/receipt`, { delivered_seq: 5, read_seq: 5 });
  await ada.call("PUT", `/conversations/${direct}/mine`, { pinned: true });

  const fresh = await eve.direct(ada.me);
  for (const text of ["Are you there?", "The load test is done.", "No errors at 2,000 messages a second."])
    await eve.send(fresh, text);
  await ada.call("POST", "/invitations", { max_uses: 5 });
  await ada.call("POST", "/wallets/test/top-ups", { amount_micros: 20_000_000 }, "first");
  await ada.call("POST", "/wallets/test/top-ups", { amount_micros: 5_000_000 }, "second");
  const wallet = `/admin/users/${ada.me.id}/wallets/test/adjustments`;
  await ada.call("POST", wallet, { amount_micros: -1_250_000, reason: "Paid back in cash" }, "third");
  await fetch(`${server.url}/api/auth/forgot-password`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "ben.okafor@example.org" }),
  });
  await server.stop();
  failMails(server, 2);
  await server.run();
  // The first look after a start makes the whole stock, and takes its time.
  await ada.call("GET", "/numbers/countries");
  return { server, ada, ben, direct, group, quiet, ...withPhones };
}

/** Two numbers, one of them shared and about to end; handsets that text, one of which wants no more; codes of services. */
async function phones(owner: Api, colleague: Api): Promise<Phones> {
  await owner.call("POST", "/wallets/test/top-ups", { amount_micros: 10_000_000 }, "phones");
  const buy = async (country: string) => {
    const { numbers } = await owner.call<{ numbers: { number: string }[] }>(
      "GET",
      `/numbers/available/${country}?sms=true&limit=1`,
    );
    const body = { number: numbers[0]?.number };
    return owner.call<{ id: string; number: string }>("POST", "/numbers/purchase", body, `buy-${country}`);
  };
  const [support, old] = [await buy("US"), await buy("DE")];
  await owner.call("PATCH", `/numbers/${support.id}`, { label: "Support" });
  await owner.call("PUT", `/numbers/${support.id}/shares/${colleague.me.id}`, { role: "answer" });
  await owner.call("PATCH", `/numbers/${old.id}`, { cancelled: true });

  type Phone = { id: string; number: string };
  const maria = await owner.call<Phone>("POST", "/handsets", { country: "US", label: "Phone of Maria" });
  const paris = await owner.call<Phone>("POST", "/handsets", { country: "FR", label: "Paris" });
  const textsUs = (phone: Phone, text: string) => textsFrom(owner, phone, support.number, text);
  const thread = (to: string) => owner.sms(support.id, to);
  const ends = (id: string, seq: number, state: string) =>
    expect.poll(async () => (await owner.message(id, seq)).delivery?.state).toBe(state);

  await textsUs(maria, "Are you open on Sunday?");
  const texts = await thread(maria.number);
  await expect.poll(() => owner.texts(texts)).toHaveLength(1);
  const answer = await owner.send(texts, "We open at ten. Shall I keep the blue one for you?");
  await ends(texts, answer.seq, "delivered");
  await colleague.call("POST", `/conversations/${texts}/messages`, {
    client_id: crypto.randomUUID(),
    body: "She was here on Friday, it is the one in the window.",
    note: true,
  });
  await textsUs(maria, "Yes please! See you on Sunday 🎉");
  await expect.poll(() => owner.texts(texts)).toHaveLength(3);

  const failed = await thread("+447700900903");
  await ends(failed, (await owner.send(failed, "Your parcel is here.")).seq, "failed");
  const stopped = await thread(paris.number);
  await ends(stopped, (await owner.send(stopped, "Bonjour, votre commande est prête.")).seq, "delivered");
  await textsUs(paris, "STOP");

  const waits = (service: string) =>
    owner.call<{ id: string }>("POST", "/verifications/create", { service, number_id: support.id });
  const slack = await waits("slack");
  await owner.call("POST", `/simulator/verifications/${slack.id}/send-code`, {}, "slack");
  type Status = { status: string };
  await expect
    .poll(async () => (await owner.call<Status>("GET", `/verifications/${slack.id}`)).status)
    .toBe("completed");
  await owner.call("DELETE", `/verifications/${(await waits("telegram")).id}`);
  await waits("google");
  return { number: support.id, texts, failed, stopped };
}
