// Years of talk, written straight into the database of a server that is not running.
import { join } from "node:path";
import wasm from "node-sqlite3-wasm";
import type { Server } from "./server";

const MINUTE_US = 60_000_000;

/** Fills a conversation with texts of all its members up to `count` messages, all of them read. */
export function fill(server: Server, conversation: string, count: number) {
  const database = new wasm.Database(join(server.data, "convo.db"));
  // This SQLite has no shared memory for a write-ahead log; alone it needs none.
  database.exec("pragma locking_mode = exclusive; pragma journal_mode = delete");
  const key = bytesOf(conversation);
  try {
    const members = database.all("select user_id from members where conversation_id = ? order by user_id", [key]);
    const { last_seq, version } = database.get("select last_seq, version from conversations where id = ?", [key]) as {
      last_seq: number;
      version: number;
    };
    const missing = count - last_seq;
    const begin = Date.now() * 1000 - (missing + 10) * MINUTE_US;
    database.exec("begin");
    const insert = database.prepare(
      `insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, created_at)
       values (?, ?, ?, 'text', ?, ?, ?, ?)`,
    );
    for (let n = 1; n <= missing; n += 1) {
      const sender = members[Math.floor(n / 3) % members.length]?.user_id as Uint8Array;
      const id = new Uint8Array(16);
      new DataView(id.buffer).setUint32(12, n);
      insert.run([key, last_seq + n, version + n, sender, id, text(last_seq + n), begin + n * MINUTE_US]);
    }
    insert.finalize();
    database.run("update conversations set last_seq = ?, version = ?, active_at = ? where id = ?", [
      count,
      version + missing,
      begin + missing * MINUTE_US,
      key,
    ]);
    database.run("update members set delivered_seq = ?, read_seq = ? where conversation_id = ?", [count, count, key]);
    database.exec("commit");
  } finally {
    database.close();
  }
}

/** Mails that no mail server took: `parked` of them given up on, and one that is tried again in an hour. */
export function failMails(server: Server, parked: number) {
  const database = new wasm.Database(join(server.data, "convo.db"));
  database.exec("pragma locking_mode = exclusive; pragma journal_mode = delete");
  const now = Date.now() * 1000;
  const payload = JSON.stringify({ to: "ben.okafor@example.org", subject: "Reset your password", body: "…" });
  try {
    for (let n = 0; n <= parked; n += 1) {
      const [attempts, parkedAt] = n === 0 ? [7, null] : [12, now - n * 60 * MINUTE_US];
      database.run(
        `insert into jobs (id, queue, payload, run_at, attempts, last_error, parked_at, created_at)
         values (?, 'mail.send', ?, ?, ?, 'connection refused (os error 111): mail.example.org:587', ?, ?)`,
        [new Uint8Array(16).fill(n + 1), payload, now + 60 * MINUTE_US, attempts, parkedAt, now],
      );
    }
  } finally {
    database.close();
  }
}

/** From one line to many, so that every row has a height of its own. */
const text = (seq: number) => `number ${seq}: ${"and some more words ".repeat((seq * 7) % 23)}`.trimEnd();

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The 16 bytes behind an id such as `conv_…`. */
function bytesOf(id: string): Uint8Array {
  let value = 0n;
  for (const letter of id.slice(id.indexOf("_") + 1)) value = value * 32n + BigInt(ALPHABET.indexOf(letter));
  return Uint8Array.from({ length: 16 }, (_, index) => Number((value >> BigInt(8 * (15 - index))) & 255n));
}
