/** An edge in a process of its own over a directory that outlives it, to be killed in the middle of anything. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bindings } from "../../cli/local/runtime-options.ts";
import { isRunning } from "../../cli/local/processes.ts";
import type { Random } from "../fuzz/random.ts";

const SCRIPT = join(import.meta.dirname, "../edge-http/run-edge.ts");

export class EdgeProcess {
  readonly #directory: string;
  readonly #port: number;
  readonly #bindings: Bindings;
  #child: ChildProcess | null = null;

  /** @param directory Holds `table.json`; the edge keeps its own below `state`. */
  constructor(directory: string, port: number, bindings: Bindings = {}) {
    this.#bindings = bindings;
    this.#directory = directory;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get state(): string {
    return join(this.#directory, "state");
  }

  async start(): Promise<void> {
    const table = join(this.#directory, "table.json");
    const flags = [
      "--conditions=agentpolicy-source",
      SCRIPT,
      table,
      this.state,
      String(this.#port),
      JSON.stringify(this.#bindings),
    ];
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`the edge ended with ${code}`)));
    });
  }

  /** The runtime first, or whoever started it: either way nothing of it is left. */
  async kill(random: Random): Promise<void> {
    const runtime = this.#runtime();
    if (random.once(2)) for (const pid of runtime) killIfThere(pid);
    await this.end();
    while (runtime.some(isRunning)) await new Promise((next) => setTimeout(next, 20));
  }

  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Where nothing can be waited for any more. */
  endNow(): void {
    this.#child?.kill("SIGKILL");
  }

  #runtime(): readonly number[] {
    const text = readFileSync(join(this.state, "lock"), "utf8");
    return (JSON.parse(text) as { runtime: readonly number[] }).runtime;
  }

  /** While it is down: the copy of the switches becomes an older one, or vanishes. */
  ageKv(random: Random): void {
    const kv = join(this.state, "state/kv");
    const old = join(this.#directory, "old-kv");
    if (!existsSync(kv)) return;
    const choice = random.below(4);
    if (choice === 0) {
      rmSync(old, { recursive: true, force: true });
      cpSync(kv, old, { recursive: true });
    } else if (choice === 1) rmSync(kv, { recursive: true, force: true });
    else if (choice === 2 && existsSync(old)) {
      rmSync(kv, { recursive: true, force: true });
      cpSync(old, kv, { recursive: true });
    }
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
