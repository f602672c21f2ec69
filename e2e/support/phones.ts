// The simulated phone network, over the HTTP interface: numbers that are bought, handsets that text and are texted.
import { Api, type User } from "./api";

export type OwnNumber = { id: string; number: string };
export type Handset = { id: string; number: string };
type Offers = { numbers: { number: string; sms: boolean }[] };

/** +14155550142 as it is read: +1 415 555 0142. Numbers of North America only. */
export const grouped = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

export async function buysNumber(api: Api, label = ""): Promise<OwnNumber> {
  await api.call("POST", "/wallets/test/top-ups", { amount_micros: 20_000_000 }, crypto.randomUUID());
  const { numbers } = await api.call<Offers>("GET", "/numbers/available/US?limit=20");
  // Several people buy at the same time: one of the offers is still there.
  for (const { number } of numbers.filter(({ sms }) => sms).sort(() => Math.random() - 0.5)) {
    try {
      const bought = await api.call<OwnNumber>("POST", "/numbers/purchase", { number }, crypto.randomUUID());
      if (label) await api.call("PATCH", `/numbers/${bought.id}`, { label });
      return bought;
    } catch (error) {
      if (!String(error).includes("number_gone")) throw error;
    }
  }
  throw new Error("no number could be bought");
}

export const makesHandset = (api: Api) => api.call<Handset>("POST", "/handsets", { country: "US", label: "Phone" });

export const textsFrom = (api: Api, handset: Handset, to: string, text: string) =>
  api.call("POST", `/handsets/${handset.id}/messages`, { client_id: crypto.randomUUID(), to, text });

export const shares = (api: Api, { id }: OwnNumber, { id: user }: User, role: "answer" | "read") =>
  api.call("PUT", `/numbers/${id}/shares/${user}`, { role });

/** What has arrived at a handset, newest first. */
export async function arrivedAt(api: Api, { id }: Handset): Promise<string[]> {
  type List = { messages: { text: string; sent: boolean }[] };
  const { messages } = await api.call<List>("GET", `/handsets/${id}/messages`);
  return messages.filter(({ sent }) => !sent).map(({ text }) => text);
}

/** An administrator takes the test money: what is left pays for no text. */
export async function spendsAll(api: Api) {
  type Wallets = { wallets: { mode: string; balance_micros: number }[] };
  const { wallets } = await api.call<Wallets>("GET", "/wallets");
  const admin = await Api.login(api.url, "admin");
  const left = wallets.find(({ mode }) => mode === "test")?.balance_micros ?? 0;
  const body = { amount_micros: -left, reason: "Spent" };
  await admin.call("POST", `/admin/users/${api.me.id}/wallets/test/adjustments`, body, crypto.randomUUID());
}
