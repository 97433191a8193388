/** Replays everything that is recorded, each suite under its one policy. */
import type { Source } from "../../dsl/index.ts";
import { type Played, replay, type Stage } from "./replay.ts";
import { type RecordedCall, type RecordedSession, readRuns, readSessions } from "./sessions.ts";
import { stageOf, SUITES } from "./stage.ts";

export interface Replayed {
  /** Tasks and attacks by ground truth. */
  readonly truth: readonly Played[];
  /** Runs of real models; empty where they were left out. */
  readonly runs: readonly Played[];
}

export interface RunOptions {
  readonly runs: boolean;
  /** Other policies than the suites' own, by suite. */
  readonly sources?: ReadonlyMap<string, Source>;
  /** Rewrites the texts in injected calls. */
  readonly rename?: (text: string) => string;
}

export function run({ runs, sources, rename }: RunOptions): Replayed {
  const stages = new Map<string, Stage>(SUITES.map((suite) => [suite, stageOf(suite, sources?.get(suite))]));
  const play = (session: RecordedSession): Played => {
    const stage = stages.get(session.suite);
    if (stage === undefined) throw new Error(`no policy for ${session.suite}`);
    return replay(stage, rename === undefined ? session : renamed(session, rename));
  };
  const sessions = readSessions();
  const recorded = runs ? [...readRuns("benign", sessions), ...readRuns("attack", sessions)] : [];
  return { truth: sessions.filter((one) => one.testable !== false).map(play), runs: recorded.map(play) };
}

function renamed(session: RecordedSession, rename: (text: string) => string): RecordedSession {
  const calls = session.calls.map((call): RecordedCall => {
    return call.role === "injected" ? { ...call, args: JSON.parse(rename(JSON.stringify(call.args))) } : call;
  });
  return { ...session, calls };
}
