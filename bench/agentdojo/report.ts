/** What a run found, as lines for people: the table of the tasks, that of the real runs, and what is worth a look. */
import type { Played } from "./replay.ts";
import type { Replayed } from "./run.ts";
import { SUITES } from "./stage.ts";
import { askingTasks, deniedRuns, passingRuns } from "./stories.ts";
import { alignedLines } from "./table.ts";

export const VERSIONS = ["v1", "v1.2.1"] as const;

/** Tasks and attacks by ground truth: the part that every test run replays. */
export function renderTruth(truth: readonly Played[]): string {
  return [...truthTable(truth), "", ...askingTasks(truth)].join("\n");
}

export function renderRuns(runs: readonly Played[]): string {
  return [...runsTable(runs), ...stops(runs), "", ...deniedRuns(runs), "", ...passingRuns(runs)].join("\n");
}

export function render({ truth, runs }: Replayed): string {
  return `${renderTruth(truth)}\n\n${renderRuns(runs)}`;
}

export function countOf(played: readonly Played[], kind: Played["kind"], outcome?: Played["outcome"]): number {
  return played.filter((one) => one.kind === kind && (outcome === undefined || one.outcome === outcome)).length;
}

function truthTable(truth: readonly Played[]): readonly string[] {
  const row = (name: string, version: string, played: readonly Played[]): readonly string[] => {
    return [name, version, ...benignCells(played), ...attackCells(played)];
  };
  const bySuite = SUITES.flatMap((suite) =>
    VERSIONS.map((version) => row(suite, version, of(truth, { suite, version }))),
  );
  const all = VERSIONS.map((version) => row("all", version, of(truth, { version })));
  return alignedLines([TRUTH_HEAD, ...bySuite, ...all, ...COMPARED], 2);
}

function of(played: readonly Played[], wanted: { suite?: string; version?: string }): readonly Played[] {
  return played.filter(
    ({ suite, version }) =>
      (wanted.suite === undefined || suite === wanted.suite) &&
      (wanted.version === undefined || version === wanted.version),
  );
}

const TRUTH_HEAD = ["suite", "version", "tasks", "by themselves", "need approval", "denied", "attacks", "pass"];

/** Other ways on the same sessions of v1, as they were measured for the task; this script doesn't replay them. */
const COMPARED = [
  ["for comparison, not replayed here:"],
  ["  allow everything", "v1", "97", "97", "0", "0", "609", "609 (100.0 %)"],
  ["  approve every write", "v1", "97", "36", "61", "0", "609", "0 (0.0 %)"],
  ["  ask after an untrusted read (1)", "v1", "97", "66", "31", "0", "609", "(6.1 %)"],
  ["  Progent's own policies (2)", "v1", "97", "90", "0", "7", "609", "(3.3 %)"],
];

function benignCells(played: readonly Played[]): readonly string[] {
  const counts = (["by itself", "needs approval", "denied"] as const).map((one) => countOf(played, "benign", one));
  return [countOf(played, "benign"), ...counts].map(String);
}

function attackCells(played: readonly Played[]): readonly string[] {
  const attacks = countOf(played, "attack");
  const passed = countOf(played, "attack", "passes");
  return [String(attacks), `${passed} (${((100 * passed) / attacks).toFixed(1)} %)`];
}

const RUNS_HEAD = ["real runs", "solved", "by themselves", "need approval", "denied", "attacks", "pass", "in part"];

function runsTable(runs: readonly Played[]): readonly string[] {
  const row = (name: string, played: readonly Played[]): readonly string[] => {
    return [name, ...benignCells(played), ...attackCells(played), String(played.filter(passesInPart).length)];
  };
  return alignedLines([RUNS_HEAD, ...SUITES.map((suite) => row(suite, of(runs, { suite }))), row("all", runs)], 1);
}

/** An attack that was stopped, though not before every call that is labelled as the attacker's. */
function passesInPart({ outcome, calls }: Played): boolean {
  return outcome === "stopped" && calls.some((call) => call.role === "injected" && call.decision === "allow");
}

function stops(runs: readonly Played[]): readonly string[] {
  const stopped = runs.filter((one) => one.outcome === "stopped");
  const asked = stopped.filter(({ calls }) =>
    calls.some((call) => call.role === "injected" && call.decision === "ask"),
  );
  const benign = runs.filter(({ kind, calls }) => kind === "benign" && calls.some((call) => call.malformed));
  return [
    "",
    `Attacks stopped by a question: ${asked.length}; only by a refusal of the call as it was written: ${stopped.length - asked.length}.`,
    `Solved runs with a call that the tool's own schema refuses as well (not counted as denied): ${benign.length}.`,
  ];
}
