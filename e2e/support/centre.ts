// A message centre that none of us wrote: the npm package `smpp`, commanded line by line as the server's own tests do.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

type Line = { answer?: string; event?: string; port?: number; submitted?: { text: string; from: string }[] };

export class Centre {
  private waiting: { name: string; tell: (line: Line) => void }[] = [];
  port = 0;

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      const index = this.waiting.findIndex(({ name }) => name === line.answer);
      if (index >= 0) this.waiting.splice(index, 1)[0]?.tell(line);
    });
  }

  static async start(): Promise<Centre> {
    const e2e = join(import.meta.dirname, "..");
    const script = join(e2e, "../crates/smpp-peer/peer.js");
    const centre = new Centre(spawn("node", [script, e2e], { stdio: ["pipe", "pipe", "inherit"] }));
    centre.port = (await centre.does("start")).port ?? 0;
    await centre.does("behave", { change: { receipts: "after" } });
    return centre;
  }

  does(name: string, more: object = {}): Promise<Line> {
    const told = new Promise<Line>((tell) => this.waiting.push({ name, tell }));
    this.child.stdin?.write(`${JSON.stringify({ do: name, ...more })}\n`);
    return told;
  }

  /** A text from a phone there. */
  brings = (from: string, to: string, text: string) =>
    this.does("bring", {
      pdus: [
        {
          source_addr: from.slice(1),
          source_addr_ton: 1,
          source_addr_npi: 1,
          destination_addr: to.slice(1),
          dest_addr_ton: 1,
          dest_addr_npi: 1,
          short_message: text,
        },
      ],
    });

  ends = () => void this.child.kill();
}
