/** What is replayed, as data: AgentDojo's tasks and attacks by ground truth, and runs of real models. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "../../engine/index.ts";

export interface RecordedCall {
  readonly tool: string;
  readonly args: JsonObject;
  /** Who wants the call: the user's task, a text planted by somebody else, or the user's own hand outside the agent. */
  readonly role: "user_task" | "injected" | "user_device";
}

export interface RecordedSession {
  readonly id: string;
  readonly version: string;
  readonly suite: string;
  readonly kind: "benign" | "attack";
  readonly prompt: string;
  readonly goal?: string;
  /** False where AgentDojo itself can't tell whether the attack worked. */
  readonly testable?: boolean;
  readonly calls: readonly RecordedCall[];
}

/** One run of a real model, as it is stored. `injected` holds the places of the calls that served the attack. */
interface RecordedRun {
  readonly model: string;
  readonly suite: string;
  readonly task: string;
  readonly version: string;
  readonly injection?: string;
  readonly attack?: string;
  readonly injected?: readonly number[];
  readonly calls: readonly Pick<RecordedCall, "tool" | "args">[];
}

/** What stands in a suite before anybody attacks it, and what the attackers want. */
export interface Suite {
  readonly suite: string;
  readonly environment: unknown;
  readonly tools: readonly { readonly name: string; readonly description: string; readonly input_schema: unknown }[];
  /** The users' prompts of every version. */
  readonly prompts: readonly string[];
  /** The attackers' goals of every version. */
  readonly goals: readonly string[];
}

export function readSuites(): readonly Suite[] {
  return readLines("suites").map((line): Suite => JSON.parse(line));
}

/** Tasks and attacks by ground truth, all versions. */
export function readSessions(): readonly RecordedSession[] {
  return readLines("sessions").map((line): RecordedSession => JSON.parse(line));
}

/** Real runs that solved their task with nobody attacking, or in which an attack worked. */
export function readRuns(kind: "benign" | "attack", sessions: readonly RecordedSession[]): readonly RecordedSession[] {
  const prompts = new Map(sessions.map(({ id, prompt }) => [id, prompt]));
  const runs = readLines(`${kind}-runs`).map((line): RecordedRun => JSON.parse(line));
  return runs.map((run) => sessionOf(run, kind, prompts));
}

function sessionOf(
  run: RecordedRun,
  kind: RecordedSession["kind"],
  prompts: ReadonlyMap<string, string>,
): RecordedSession {
  const { suite, version, task, model, injection, attack } = run;
  const prompt = prompts.get(`AgentDojo/${version}/${suite}/${task}`);
  if (prompt === undefined) throw new Error(`no prompt for ${suite} ${task}`);
  const planted = injection === undefined ? "" : `+${injection} (${attack})`;
  const calls = run.calls.map((call, at): RecordedCall => {
    return { ...call, role: run.injected?.includes(at) === true ? "injected" : "user_task" };
  });
  return { id: `${model}/${suite}/${task}${planted}`, version, suite, kind, prompt, calls };
}

/** Lines of JSON, as `data/` holds them: each file's shape is the caller's to name. */
function readLines(name: string): readonly string[] {
  const packed = readFileSync(new URL(`data/${name}.jsonl.gz`, import.meta.url));
  return gunzipSync(packed)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}
