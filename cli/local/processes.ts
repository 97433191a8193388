/**
 * The runtime is a process of its own (workerd), which outlives a parent that is killed. A small watcher holds a pipe to
 * the parent and ends the runtime when the pipe breaks.
 */
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Socket } from "node:net";

const RUNTIME = "workerd";

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process began, as the system counts it: tells it from a later one of the same number. Empty where unknown. */
export function startOf(pid: number): string {
  // proc(5): field 22, the 20th after the name, which may itself hold blanks and parentheses.
  return readText(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[19] ?? "";
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(readText(`/proc/${pid}/status`));
}

/** Ends a runtime that was left behind; does nothing when the number is some other program's by now. */
export function killRuntime(pid: number): void {
  if (!allProcesses().some((one) => one.pid === pid && one.command === RUNTIME)) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended since it was listed.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Runtimes that this process has started. */
export function ownRuntimes(): readonly number[] {
  return allProcesses()
    .filter((one) => one.parent === process.pid && one.command === RUNTIME)
    .map((one) => one.pid);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** From `/proc` where there is one: small systems have no `ps`. */
function allProcesses(): readonly Process[] {
  if (process.platform === "linux")
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => parseStat(readText(`/proc/${name}/stat`)));
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(?:.*\/)?(\S+)\s*$/.exec(line);
    return found === null ? [] : [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3] ?? "" }];
  });
}

/** proc(5): the name stands in parentheses, then the state, then the parent. */
function parseStat(text: string): readonly Process[] {
  const found = /^(\d+) \((.*)\) \S (\d+)/s.exec(text);
  return found === null ? [] : [{ pid: Number(found[1]), command: found[2] ?? "", parent: Number(found[3]) }];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process ended between the listing and the reading, or this system has no `/proc`.
    return "";
  }
}

export interface Watcher {
  /** The processes to end should this one vanish. */
  watch(pids: readonly number[]): void;
  /** Nothing to end any more. */
  stop(): void;
}

const WATCH = `
let pids = [], text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let end; (end = text.indexOf("\\n")) >= 0; text = text.slice(end + 1)) pids = JSON.parse(text.slice(0, end));
});
process.stdin.on("end", () => {
  for (const pid of pids) try { process.kill(pid, "SIGKILL"); } catch {}
});
`;

/** In a process group of its own, so that Ctrl-C doesn't end the watcher before the watched. */
export function startWatcher(): Watcher {
  const child = spawn(process.execPath, ["-e", WATCH], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.unref();
  const { stdin } = child;
  // When the watcher is gone there is nothing to be told, and that mustn't end the edge.
  stdin.on("error", () => undefined);
  // The pipe is a socket; it mustn't keep this process alive when everything else is done.
  if (stdin instanceof Socket) stdin.unref();
  return {
    watch: (pids) => void stdin.write(`${JSON.stringify(pids)}\n`),
    stop: () => stdin.end("[]\n"),
  };
}
