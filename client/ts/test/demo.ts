// A demo of the node's own, in a process: what the tests ask.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

const startsWithinMs = 60_000;

export class Demo {
  readonly dir = mkdtempSync(join(tmpdir(), "lmcfed-client-"));
  url = "";
  #web = "localhost:0";
  #process: ChildProcess | undefined;

  constructor() {
    execFileSync("go", ["build", "-o", this.dir, "./server/lmcnode", "./client/lmc"], { cwd: root, stdio: "inherit" });
  }

  /** Starts it, or starts it again: on the same data, at the same address. */
  async start(): Promise<void> {
    const demo = spawn(join(this.dir, "lmcnode"), ["demo", "--dir", join(this.dir, "data"), "--web", this.#web]);
    this.#process = demo;
    let printed = "";
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the demo did not start:\n${printed}`)), startsWithinMs);
      demo.stdout.on("data", (text) => {
        printed += text;
        const at = /in a browser: (http:\/\/(localhost:\d+))\//.exec(printed);
        if (!at) return;
        [this.url, this.#web] = [at[1]!, at[2]!];
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
