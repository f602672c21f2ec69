// A server that knows what a recorded trace tells, no more. The format: crates/server/tests/it/sync/property.rs.
import type { ServerEvent } from "../api/events";
import type { Changes, Conversation, ConversationView, Head, Member, Message, User } from "../api/types";

type Note = { connected: boolean } | { frame: Frame } | { get: string; answer: ConversationView | Changes | null };
type Frame = ServerEvent | { type: "reconnect" | "session.ended" };
export type Trace = {
  user_id: string;
  notes: Note[];
  end: Record<string, { view: ConversationView; messages: Message[] }>;
};

/** A conversation as the server had it at some moment, for somebody whose membership was first seen at `since`. */
type Known = { since: number; conversation: Conversation; messages: Map<number, Message> };

/** What a look brought, added to what was known before. */
function grown({ since, conversation, messages }: Known, changes: Changes, me: string): Known {
  const members = new Map(conversation.members?.map((member) => [member.user_id, member]));
  for (const member of changes.members) {
    if (member.active) members.set(member.user_id, member);
    else members.delete(member.user_id);
  }
  const all = new Map(messages);
  for (const message of changes.messages) all.set(message.seq, message);
  const mine = changes.mine ?? conversation.mine;
  for (const seq of mine.hidden_seqs) all.delete(seq);
  const { version, last_seq, unread_count, lowest } = changes;
  const last = conversation.last_message;
  const newest = changes.messages.at(-1);
  return {
    since,
    messages: all,
    conversation: {
      ...conversation,
      ...changes.conversation,
      ...{ version, last_seq, unread_count, lowest, mine },
      my_role: members.get(me)?.role ?? conversation.my_role,
      members: [...members.values()],
      last_message: newest && newest.seq >= (last?.seq ?? 0) ? newest : last,
    },
  };
}

export class TraceServer {
  /** What the looks brought, by the place of their notes; null where I was no member. */
  private readonly looks = new Map<string, { at: number; known: Known | null }[]>();
  private readonly users = new Map<string, User>();
  private readonly gone = new Map<string, Map<string, Member>>();
  private at = 0;
  private socket: TraceSocket | null = null;
  private isUp = false;

  constructor(private readonly trace: Trace) {
    const bases = new Map<string, Known>();
    for (const [at, note] of trace.notes.entries()) {
      if (!("get" in note)) continue;
      const { answer } = note;
      const id = /conv_\w+/.exec(note.get)?.[0] ?? "";
      for (const user of answer?.users ?? []) this.users.set(user.id, user);
      const looks = this.looks.get(id) ?? [];
      this.looks.set(id, looks);
      if (answer === null) looks.push({ at, known: null });
      else if (!("reset" in answer)) {
        const { conversation } = answer;
        bases.set(id, { since: conversation.version, conversation, messages: new Map() });
      } else if (!answer.reset) {
        const known = grown(bases.get(id) as Known, answer, trace.user_id);
        bases.set(id, known);
        looks.push({ at, known });
      }
    }
  }

  get size() {
    return this.trace.notes.length;
  }

  /** Plays one note; says what event the client heard. */
  plays(at: number): ServerEvent | "connected" | null {
    this.at = at;
    const note = this.trace.notes[at] as Note;
    if ("connected" in note) {
      this.isUp = note.connected;
      if (!note.connected) this.socket?.ends();
      return note.connected ? "connected" : null;
    }
    if (!("frame" in note) || note.frame.type === "reconnect" || note.frame.type === "session.ended") return null;
    this.socket?.says(note.frame);
    return note.frame as ServerEvent;
  }

  accepts(socket: TraceSocket) {
    this.socket = this.isUp ? socket : null;
    return this.isUp;
  }

  /** As it is at this moment of the trace, or a little later: an answer may take its time. */
  private look(id: string): Known | null {
    const looks = this.looks.get(id) ?? [];
    return (looks.find(({ at }) => at >= this.at) ?? looks.at(-1))?.known ?? null;
  }

  heads(): Head[] {
    return [...this.looks.keys()].map((conversation_id) => {
      const known = this.look(conversation_id)?.conversation;
      const { version = 0, last_seq = 0 } = known ?? {};
      return { conversation_id, version, last_seq, mine_version: known?.mine.mine_version ?? 0, removed: !known };
    });
  }

  answers(method: string, address: string): Response {
    const { pathname, searchParams: query } = new URL(address, "http://localhost");
    const body = method === "GET" ? this.get(pathname, query) : {};
    const problem = { status: 404, code: "conversation_not_found", title: "Not found", detail: "" };
    return Response.json(body ?? problem, { status: body ? 200 : 404 });
  }

  private get(path: string, query: URLSearchParams): object | null {
    const users = [...this.users.values()];
    if (path.startsWith("/api/users/")) return this.users.get(path.split("/").at(-1) as string) ?? null;
    if (path === "/api/conversations") {
      const known = [...this.looks.keys()]
        .map((id) => this.look(id)?.conversation)
        .filter((each) => each !== undefined);
      const archived = query.get("archived") === "true";
      return {
        conversations: known.filter(({ mine }) => (mine.archived_at !== null) === archived),
        users,
        next_cursor: null,
      };
    }
    const [, , , id = "", part] = path.split("/");
    const known = this.look(id);
    if (!known) return null;
    if (part === "messages") return { ...this.page(known, query), users };
    if (part === "changes") return { ...this.changes(id, known, query), users };
    return { conversation: known.conversation, users };
  }

  private page({ conversation, messages }: Known, query: URLSearchParams) {
    const { version, last_seq } = conversation;
    const all = [...messages.values()].sort((a, b) => a.seq - b.seq);
    const below = all.filter(({ seq }) => seq < Number(query.get("before") ?? Number.POSITIVE_INFINITY));
    const page = below.slice(-Number(query.get("limit")));
    return {
      ...{ version, last_seq, messages: page },
      has_before: page.length < below.length,
      has_after: below.length < all.length,
    };
  }

  private changes(
    id: string,
    { since, conversation, messages }: Known,
    query: URLSearchParams,
  ): Omit<Changes, "users"> {
    const [from, seq, mineVersion] = ["version", "last_seq", "mine_version"].map((name) => Number(query.get(name)));
    const { version, last_seq, unread_count, lowest, mine, members } = conversation;
    const { kind, title, description, picture_url, line, show_past, member_count } = conversation;
    const gone = this.gone.get(id) ?? new Map<string, Member>();
    this.gone.set(id, gone);
    for (const { known } of this.looks.get(id) ?? []) {
      for (const member of known?.conversation.members ?? []) gone.set(member.user_id, { ...member, active: false });
    }
    for (const member of members ?? []) gone.delete(member.user_id);
    return {
      ...{ version, last_seq, unread_count, lowest },
      reset: (from as number) < since || (from as number) > version,
      conversation: { id, kind, title, description, picture_url, line, show_past, member_count, last_seq },
      messages: [...messages.values()]
        .filter((message) => message.seq > (seq as number) || message.version > (from as number))
        .sort((a, b) => a.seq - b.seq),
      members: [...(members ?? []), ...gone.values()],
      mine: mine.mine_version > (mineVersion as number) ? mine : null,
    };
  }
}

/** Stands in for the browser's WebSocket. */
export class TraceSocket {
  static server: TraceServer;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  private open = true;

  constructor() {
    if (TraceSocket.server.accepts(this)) queueMicrotask(() => this.onopen?.());
    else queueMicrotask(() => this.ends());
  }

  says(frame: object) {
    if (this.open) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  ends() {
    this.open = false;
    this.onclose?.({ code: 1006 });
  }

  close() {
    this.open = false;
  }

  send(text: string) {
    const { type, ref } = JSON.parse(text);
    const hello = { type: "hello", user_id: "", session_id: "", user_version: 0, ping_secs: 3600, sync_secs: 3600 };
    const heads = { heads: TraceSocket.server.heads(), user_version: 0, next_cursor: null };
    const answer = type === "auth" ? hello : { type: "ok", ref, ...(type === "sync" && heads) };
    queueMicrotask(() => this.says(answer));
  }
}
