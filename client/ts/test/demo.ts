// A demo of the node's own, in a process: what the tests ask.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A port below those that connections are made from: nobody takes it while the demo is away. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + Math.floor(Math.random() * 10_000); ; port++) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => server.on("error", () => resolve(false)).listen(port, "localhost", () => resolve(true)));
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}

const startsWithinMs = 60_000;

export class Demo {
  readonly dir = mkdtempSync(join(tmpdir(), "lmcfed-client-"));
  url = "";
  #web = "";
  #process: ChildProcess | undefined;

  constructor() {
    execFileSync("go", ["build", "-o", this.dir, "./server/lmcnode", "./client/lmc"], { cwd: root, stdio: "inherit" });
  }

  /** Starts it, or starts it again: on the same data, at the same address. */
  async start(): Promise<void> {
    this.#web ||= `localhost:${await freePort()}`;
    const demo = spawn(join(this.dir, "lmcnode"), ["demo", "--dir", join(this.dir, "data"), "--web", this.#web]);
    this.#process = demo;
    let printed = "";
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the demo did not start:\n${printed}`)), startsWithinMs);
      demo.stdout.on("data", (text) => {
        printed += text;
        const [, url] = /in a browser: (http:\S+)\/\n/.exec(printed) ?? [];
        if (url === undefined) return;
        this.url = url;
        clearTimeout(late);
        resolve();
      });
      demo.stderr.on("data", (text) => (printed += text));
      demo.on("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${printed}`)));
    });
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    const demo = this.#process;
    this.#process = undefined;
    if (demo?.exitCode !== null || demo.signalCode !== null) return;
    demo.kill("SIGKILL");
    await once(demo, "exit");
  }

  /** Runs `lmc` as an office. */
  lmc(office: string, ...args: string[]): string {
    return execFileSync(join(this.dir, "lmc"), [...args, "--profile", join(this.dir, "data", office, "profile.json")], {
      encoding: "utf8",
      env: { HOME: this.dir, XDG_CONFIG_HOME: this.dir },
    });
  }

  /** Where an office's node is over gRPC, and its certificate. */
  grpc(office: string): { address: string; certificate: string } {
    const of = (file: string) => readFileSync(join(this.dir, "data", office, file), "utf8");
    return { address: JSON.parse(of("profile.json")).address, certificate: of("node.pem") };
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
