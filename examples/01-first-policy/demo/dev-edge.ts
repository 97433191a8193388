/** `agentpolicy dev` as a child process in a temporary folder, and the other commands run beside it. */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface DevEdge {
  readonly url: string;
  /** Runs `agentpolicy ARGS` in the folder. */
  readonly command: (args: readonly string[]) => Promise<{ readonly code: number; readonly output: string }>;
  /** Replaces the first occurrence in a file of the folder. */
  readonly edit: (file: string, from: string, to: string) => Promise<void>;
  /** Ctrl-C. Gives the exit code. */
  readonly stop: () => Promise<number>;
}

/** @param policy folder with the policy; the copy is what runs. */
export async function startDevEdge(policy: string): Promise<DevEdge> {
  const folder = await mkdtemp(join(tmpdir(), "agentpolicy-demo-"));
  for (const name of await readdir(policy)) {
    if (name.endsWith(".agentpolicy")) await copyFile(join(policy, name), join(folder, name));
  }
  const child = spawn(process.execPath, [commandFile(), "dev", "--port", "0"], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keeper = startKeeper(child.pid ?? 0, folder);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const url = await addressOf(child, folder, () => said);
  return {
    url,
    command: (args) => run(folder, args),
    edit: async (file, from, to) => {
      const path = join(folder, file);
      await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
    },
    stop: async () => {
      const code = await end(child);
      await rm(folder, { recursive: true, force: true });
      keeper.dismiss();
      return code;
    },
  };
}

const KEEPER = `
let dismissed = false;
const [pid, folder] = [Number(process.argv[1]), process.argv[2]];
const alive = () => { try { return process.kill(pid, 0); } catch { return false; } };
process.stdin.on("data", () => { dismissed = true; });
process.stdin.on("end", async () => {
  if (dismissed) return;
  try { process.kill(pid, "SIGINT"); } catch {}
  for (let waited = 0; waited < 100 && alive(); waited++) await new Promise((resolve) => setTimeout(resolve, 100));
  require("node:fs").rmSync(folder, { recursive: true, force: true });
});
`;

/**
 * However this process ends (Ctrl-C, a closed pipe, a kill), the edge must not go on running. A process that is killed
 * can't tidy up after itself, so one beside it holds a pipe to it and does that when the pipe breaks.
 */
function startKeeper(pid: number, folder: string): { readonly dismiss: () => void } {
  const keeper = spawn(process.execPath, ["-e", KEEPER, String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  keeper.unref();
  keeper.stdin.on("error", () => undefined);
  return { dismiss: () => void keeper.stdin.end("done\n") };
}

/** The package's own command, found from the package's name. */
function commandFile(): string {
  let folder = dirname(fileURLToPath(import.meta.resolve("agentpolicy")));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "cli", "bin.js");
}

/** The demo's own edge, whatever edge and token this shell is set up for. */
function environment(): NodeJS.ProcessEnv {
  const { AGENTPOLICY_EDGE: _, AGENTPOLICY_TOKEN: __, FORCE_COLOR: ___, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1", COLUMNS: "74" };
}

async function addressOf(child: ChildProcess, folder: string, said: () => string): Promise<string> {
  const file = join(folder, ".agentpolicy", "edge");
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    if (existsSync(file)) return (await readFile(file, "utf8")).trim();
    await pause(100);
  }
  await end(child);
  await rm(folder, { recursive: true, force: true });
  throw new Error(`the edge didn't start:\n${said()}`);
}

function run(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [commandFile(), ...args],
      { cwd: folder, env: environment() },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

async function end(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  child.kill("SIGINT");
  return ended;
}
