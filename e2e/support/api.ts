// The HTTP interface, for preparing what a test needs and for looking at what really is there.
export const PASSWORD = "violet-harbour-lantern-92";

export type User = { id: string; username: string; full_name: string };
export type Message = {
  seq: number;
  body: string;
  client_id: string | null;
  sender_id: string | null;
  kind: string;
  deleted_at: string | null;
  delivery: { state: string } | null;
};
type View = { conversation: { id: string } };

export class Api {
  private constructor(
    readonly url: string,
    private readonly token: string,
    readonly me: User,
    /** The refresh cookie, for a browser that is to be signed in already. */
    readonly cookie: string,
  ) {}

  private static async opens(url: string, path: string, body: object): Promise<Api> {
    const response = await fetch(`${url}/api${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ ...body, cookie: true }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const session = (await response.json()) as { access_token: string; user: User };
    const cookie = /convo_refresh=([^;]+)/.exec(response.headers.get("set-cookie") ?? "")?.[1] ?? "";
    return new Api(url, session.access_token, session.user, cookie);
  }

  static setUp(link: string) {
    const { origin, hash } = new URL(link);
    const token = hash.slice(1);
    return Api.opens(origin, "/setup", {
      token,
      username: "admin",
      full_name: "Ada Admin",
      email: "admin@example.org",
      password: PASSWORD,
    });
  }

  static register(url: string, username: string, full_name: string) {
    const email = `${username}@example.org`;
    return Api.opens(url, "/auth/register", { username, full_name, email, password: PASSWORD });
  }

  static login(url: string, login: string, password = PASSWORD) {
    return Api.opens(url, "/auth/login", { login, password });
  }

  /** `wish` is for what costs money. */
  async call<T>(method: string, path: string, body?: object, wish?: string): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": "application/json",
        ...(wish && { "idempotency-key": wish }),
      },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async direct(other: User): Promise<string> {
    const body = { kind: "direct", participant_ids: [other.id] };
    return (await this.call<View>("POST", "/conversations", body)).conversation.id;
  }

  async group(title: string, others: User[]): Promise<string> {
    const participant_ids = others.map(({ id }) => id);
    const body = { kind: "group", title, participant_ids, client_id: crypto.randomUUID() };
    return (await this.call<View>("POST", "/conversations", body)).conversation.id;
  }

  /** The conversation of an own number with a phone. */
  async sms(number_id: string, to: string): Promise<string> {
    return (await this.call<View>("POST", "/conversations", { kind: "sms", number_id, to })).conversation.id;
  }

  async message(conversation: string, seq: number): Promise<Message> {
    type Page = { messages: Message[] };
    const path = `/conversations/${conversation}/messages?after=${seq - 1}&limit=1`;
    return (await this.call<Page>("GET", path)).messages[0] as Message;
  }

  send(conversation: string, body: string, reply_to_seq?: number) {
    const message = { client_id: crypto.randomUUID(), body, reply_to_seq };
    return this.call<Message>("POST", `/conversations/${conversation}/messages`, message);
  }

  /** Every text of a conversation, oldest first. */
  async texts(conversation: string): Promise<string[]> {
    const all: Message[] = [];
    let after = 0;
    for (;;) {
      type Page = { messages: Message[]; has_after: boolean };
      const page = await this.call<Page>("GET", `/conversations/${conversation}/messages?after=${after}&limit=100`);
      all.push(...page.messages);
      after = page.messages.at(-1)?.seq ?? after;
      if (!page.has_after) return all.filter(({ kind }) => kind === "text").map(({ body }) => body);
    }
  }
}
