import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, NoAnswer } from "../api/errors";
import { message } from "../test/chat-fixtures";
import {
  ASK_AFTER_MS,
  closeOutbox,
  discard,
  drainNow,
  enqueue,
  openOutbox,
  retry,
  takeBack,
  type Unsent,
  unsentCount,
  unsentItems,
  WAITED_LONG,
} from "./outbox";
import { wasTakenBack } from "./undo";

const draft = (body: string, conversation_id = "conv_1") => ({ conversation_id, body, reply_to_seq: null });
const refused = () =>
  new ApiError({ type: "about:blank", title: "Too long", status: 422, code: "too_long", detail: "" });
const settle = () =>
  vi.waitFor(() => expect(unsentItems().every(({ state, sent_seq }) => state === "failed" || sent_seq)).toBe(true));

let person = 0;
const somebody = () => `usr_${++person}`;

afterEach(closeOutbox);

describe("the outbox", () => {
  it("sends in the order of writing, one after the other", async () => {
    const sent: string[] = [];
    let running = 0;
    await openOutbox(somebody(), async (item) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, item.body === "one" ? 20 : 1));
      running -= 1;
      sent.push(item.body);
      return message(sent.length);
    });
    await Promise.all([enqueue(draft("one")), enqueue(draft("two")), enqueue(draft("three"))]);
    await settle();
    expect(sent).toEqual(["one", "two", "three"]);
    expect(unsentCount()).toBe(0);
  });

  it("never holds half an emoji, which no server would take", async () => {
    const sent: string[] = [];
    await openOutbox(somebody(), async (item) => {
      sent.push(item.body);
      return message(1);
    });
    await enqueue(draft("a\ud83d b"));
    await settle();
    expect(sent).toEqual(["a\ufffd b"]);
  });

  it("goes on after a refused message, which keeps its text and its reason", async () => {
    await openOutbox(somebody(), async (item) => {
      if (item.body === "bad") throw refused();
      return message(1);
    });
    await enqueue(draft("bad"));
    await enqueue(draft("good"));
    await settle();
    const bad = unsentItems().find(({ body }) => body === "bad");
    expect(bad).toMatchObject({ state: "failed", reason: { code: "too_long" } });
    expect(unsentItems().find(({ body }) => body === "good")?.sent_seq).toBe(1);
  });

  it("keeps how much money a refused text lacks, and where", async () => {
    const lacks = { code: "not_enough_money", detail: "Top it up.", missing_micros: 12_000, mode: "live" as const };
    await openOutbox(somebody(), async () => {
      throw new ApiError({ type: "about:blank", title: "Payment Required", status: 402, ...lacks });
    });
    await enqueue(draft("too dear"));
    await settle();
    expect(unsentItems()[0]?.reason).toEqual(lacks);
  });

  it("keeps what got no answer and sends it under the same id when the network is back", async () => {
    const ids: string[] = [];
    let online = false;
    await openOutbox(somebody(), async (item) => {
      ids.push(item.client_id);
      if (!online) throw new NoAnswer();
      return message(4);
    });
    await enqueue(draft("later"));
    await vi.waitFor(() => expect(ids).toHaveLength(1));
    expect(unsentItems()[0]?.state).toBe("pending");
    online = true;
    await vi.waitFor(() => {
      drainNow();
      expect(unsentCount()).toBe(0);
    });
    expect(new Set(ids).size).toBe(1);
  });

  it("retries and discards by hand", async () => {
    let refuse = true;
    await openOutbox(somebody(), async () => {
      if (refuse) throw refused();
      return message(1);
    });
    await enqueue(draft("a"));
    await enqueue(draft("b"));
    await settle();
    const [a, b] = unsentItems() as [Unsent, Unsent];
    refuse = false;
    await retry(a.client_id);
    await settle();
    expect(unsentItems().find(({ client_id }) => client_id === a.client_id)?.sent_seq).toBe(1);
    await discard(b.client_id);
    expect(unsentItems().some(({ client_id }) => client_id === b.client_id)).toBe(false);
  });

  it("does not send twice because an answer comes that somebody before was waiting for", async () => {
    const answers: (() => void)[] = [];
    const sent: string[] = [];
    const slow = (item: Unsent) => {
      sent.push(item.body);
      return new Promise<ReturnType<typeof message>>((resolve) => answers.push(() => resolve(message(sent.length))));
    };
    await openOutbox(somebody(), slow);
    await enqueue(draft("of the first"));
    await openOutbox(somebody(), slow);
    await enqueue(draft("one"));
    await vi.waitFor(() => expect(sent).toEqual(["of the first", "one"]));
    answers[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
    drainNow();
    expect(sent).toEqual(["of the first", "one"]);
    answers[1]?.();
    await settle();
  });

  it("never shows or sends one person's messages to another, and keeps them for later", async () => {
    const first = somebody();
    await openOutbox(first, async () => {
      throw new NoAnswer();
    });
    await enqueue(draft("private"));
    const sentBySecond: string[] = [];
    await openOutbox(somebody(), async (item) => {
      sentBySecond.push(item.body);
      return message(1);
    });
    expect(unsentItems()).toEqual([]);
    await openOutbox(first, async () => message(9));
    await settle();
    expect(sentBySecond).toEqual([]);
    expect(unsentItems()).toMatchObject([{ body: "private", sent_seq: 9 }]);
  });
});

describe("texts to phones", () => {
  const text = (body: string) => ({ ...draft(body), kind: "text" as const });
  afterEach(() => void vi.useRealTimers());

  it("ask before they leave, when they could not for an hour", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let online = false;
    const sent: string[] = [];
    await openOutbox(somebody(), async (item) => {
      if (!online) throw new NoAnswer();
      sent.push(item.body);
      return message(1);
    });
    await enqueue(text("I am at the door"));
    await enqueue({ ...draft("a note"), kind: "note" });
    vi.setSystemTime(Date.now() + ASK_AFTER_MS + 1000);
    online = true;
    drainNow();
    await settle();
    expect(sent).toEqual(["a note"]);
    const [waiting] = unsentItems();
    expect(waiting).toMatchObject({ body: "I am at the door", state: "failed", reason: { code: WAITED_LONG } });
    await retry((waiting as Unsent).client_id);
    await settle();
    expect(sent).toEqual(["a note", "I am at the door"]);
  });

  it("can be taken back while they wait here, and are then known by what the server may already have", async () => {
    await openOutbox(somebody(), async () => {
      throw new NoAnswer();
    });
    await enqueue(text("oops"));
    const [item] = unsentItems();
    expect(takeBack((item as Unsent).client_id)).toBe(true);
    expect(unsentItems()).toEqual([]);
    expect(wasTakenBack((item as Unsent).client_id)).toBe(true);
    expect(takeBack("another")).toBe(false);
  });
});
