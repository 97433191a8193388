/** What a run found, as lines for people: the table of the tasks, that of the real runs, and what is worth a look. */
import type { Played } from "./replay.ts";
import type { Replayed } from "./run.ts";
import { SUITES } from "./stage.ts";
import { askingTasks, deniedRuns, passingRuns } from "./stories.ts";
import { alignedLines } from "./table.ts";
import { wrapped } from "./wrapped.ts";

export const VERSIONS = ["v1", "v1.2.1"] as const;

/** Tasks and attacks by ground truth: the part that every test run replays. */
export function renderTruth(truth: readonly Played[]): string {
  const lines = [...truthTable(truth), "", ...partsLines(truth), "", ...askingTasks(truth)];
  return lines.flatMap(wrapped).join("\n");
}

export function renderRuns(runs: readonly Played[]): string {
  const stories = [...deniedRuns(runs), "", ...passingRuns(runs)];
  return [...runsTable(runs), "", ...partsLines(runs), ...stops(runs), "", ...stories].flatMap(wrapped).join("\n");
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
  const lines = alignedLines([TRUTH_HEAD, ...bySuite, ...all, ...COMPARED], 2);
  const replayed = lines.length - COMPARED.length;
  return [...lines.slice(0, replayed), "for comparison, not replayed here:", ...lines.slice(replayed), ...SOURCES];
}

function of(played: readonly Played[], wanted: { suite?: string; version?: string }): readonly Played[] {
  return played.filter(
    ({ suite, version }) =>
      (wanted.suite === undefined || suite === wanted.suite) &&
      (wanted.version === undefined || version === wanted.version),
  );
}

const TRUTH_HEAD = ["suite", "version", "tasks", "alone", "asked", "denied", "attacks", "pass", "in part"];

/** Other ways on the same sessions of v1, as they were measured for the task; this script doesn't replay them. */
const COMPARED = [
  ["allow everything (2)", "v1", "97", "97", "0", "0", "609", "609 (100.0 %)"],
  ["approve every write (2)", "v1", "97", "36", "61", "0", "609", "0 (0.0 %)"],
  ["ask after untrusted read (1)", "v1", "97", "66", "31", "0", "609", "(6.1 %)"],
  ["Progent's policies (3)", "v1", "97", "90", "0", "7", "609", "(3.3 %)"],
];

const SOURCES = [
  "(1) unless the target stands in the user's own words; measured on the same replay, see text",
  "(2) measured on the same replay, see text",
  "(3) policies written by hand by the authors of Progent (arXiv 2504.11703); the figures were measured on the same replay, see text, and aren't the paper's",
];

function benignCells(played: readonly Played[]): readonly string[] {
  const counts = (["by itself", "needs approval", "denied"] as const).map((one) => countOf(played, "benign", one));
  return [countOf(played, "benign"), ...counts].map(String);
}

function attackCells(played: readonly Played[]): readonly string[] {
  const attacks = countOf(played, "attack");
  const passed = countOf(played, "attack", "passes");
  const inPart = played.filter(passesInPart).length;
  return [String(attacks), `${passed} (${((100 * passed) / attacks).toFixed(1)} %)`, String(inPart)];
}

const RUNS_HEAD = ["real runs", "solved", "alone", "asked", "denied", "attacks", "pass", "in part"];

function runsTable(runs: readonly Played[]): readonly string[] {
  const row = (name: string, played: readonly Played[]): readonly string[] => {
    return [name, ...benignCells(played), ...attackCells(played)];
  };
  return alignedLines([RUNS_HEAD, ...SUITES.map((suite) => row(suite, of(runs, { suite }))), row("all", runs)], 1);
}

/** An attack that was stopped, though not before every call that is labelled as the attacker's. */
function passesInPart({ outcome, calls }: Played): boolean {
  return outcome === "stopped" && calls.some(isAdmitted);
}

/** With which tools attacks were admitted in part, by suite. */
function partsLines(played: readonly Played[]): readonly string[] {
  const parts = played.filter(passesInPart);
  const groups = Object.groupBy(parts, ({ suite, calls }) => {
    const tools = calls.filter(isAdmitted).map(({ tool }) => tool);
    return `${suite}: ${[...new Set(tools)].toSorted((a, b) => (a < b ? -1 : 1)).join(", ")}`;
  });
  const lines = Object.entries(groups).map(([name, group]) => `  ${name} (${group?.length ?? 0})`);
  return [`Attacks with some injected call admitted (in part), with which tools: ${parts.length}`, ...lines.toSorted()];
}

function isAdmitted({ role, decision }: Played["calls"][number]): boolean {
  return role === "injected" && decision === "allow";
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
