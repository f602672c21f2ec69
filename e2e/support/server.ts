// The real binary with a data folder of its own, on a free port. It is ended by its process id and never by name.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Api } from "./api";

export type Environment = Record<string, string>;

const START_MS = 60_000;
const BINARY = resolve(import.meta.dirname, "..", process.env.CARGO_TARGET_DIR ?? "../target", "debug/convo");

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

export class Server {
  readonly url: string;
  readonly data = mkdtempSync(join(tmpdir(), "convo-e2e-"));
  /** What it printed: the link for the first administrator. */
  setupLink = "";
  private process: ChildProcess | null = null;

  private constructor(
    port: number,
    private readonly environment: Environment,
  ) {
    this.url = `http://localhost:${port}`;
  }

  /** What differs from the usual; perhaps by the port that it will have. */
  static async start(differs: Environment | ((port: number) => Environment) = {}): Promise<Server> {
    const port = await freePort();
    const environment = typeof differs === "function" ? differs(port) : differs;
    const server = new Server(port, {
      CONVO_LISTEN: `127.0.0.1:${port}`,
      CONVO_REGISTRATION_MODE: "open",
      CONVO_LIMITS_OFF: "true",
      // The gift of set-up has a story of its own; the others count what they themselves made.
      CONVO_SIMULATOR_WELCOME: "false",
      ...environment,
    });
    await server.run();
    return server;
  }

  /** One that people can register at. */
  static async startReady(environment: Environment = {}): Promise<Server> {
    const server = await Server.start(environment);
    await Api.setUp(server.setupLink);
    return server;
  }

  /** Starts it, also again after it was stopped or killed; then perhaps with other settings. */
  async run(changed: Environment = {}) {
    Object.assign(this.environment, changed);
    const child = spawn(BINARY, ["serve"], {
      env: {
        PATH: process.env.PATH,
        CONVO_PUBLIC_URL: this.url,
        CONVO_DATA_DIR: this.data,
        ...this.environment,
      },
      stdio: ["ignore", "pipe", process.env.CONVO_SERVER_LOG ? "inherit" : "ignore"],
    });
    this.process = child;
    const started = new Promise<void>((done, failed) => {
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`${BINARY} ended with ${code}: is it built?`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        if (line.startsWith("Set up Convo: ")) this.setupLink = line.slice("Set up Convo: ".length);
        if (line.startsWith("Convo listens on ")) done();
      });
      setTimeout(() => failed(new Error("the server did not start in time")), START_MS).unref();
    });
    await started;
    await this.answers();
  }

  private async answers() {
    for (const until = Date.now() + START_MS; Date.now() < until; ) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => null);
      // The link is printed just before the first answer.
      if (ready?.ok) return;
      await new Promise((next) => setTimeout(next, 25));
    }
    throw new Error("the server is not ready");
  }

  private async end(signal: "SIGTERM" | "SIGKILL") {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  /** As a power cut does: nothing is finished. */
  kill = () => this.end("SIGKILL");
  stop = () => this.end("SIGTERM");

  async remove() {
    await this.end("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }
}
