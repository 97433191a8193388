/** What a run found, as lines for people. */
import type { Played } from "./replay.ts";

export interface SuiteResult {
  readonly suite: string;
  readonly version: string;
  readonly played: readonly Played[];
}

const COLUMNS = ["suite", "version", "tasks", "by themselves", "need approval", "denied", "attacks", "pass"];

export function countOf(result: SuiteResult, outcome: Played["outcome"]): number {
  return result.played.filter((one) => one.outcome === outcome).length;
}

export function render(results: readonly SuiteResult[]): string {
  const rows = [COLUMNS, ...results.map(cells)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join("   "));
  return [...lines, "", ...results.flatMap(stories)].join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}

function cells(result: SuiteResult): readonly string[] {
  const kind = (one: Played["kind"]): number => result.played.filter((played) => played.kind === one).length;
  const outcomes = (["by itself", "needs approval", "denied"] as const).map((one) => String(countOf(result, one)));
  const attacks = [String(kind("attack")), String(countOf(result, "passes"))];
  return [result.suite, result.version, String(kind("benign")), ...outcomes, ...attacks];
}

/** The sessions worth a look: tasks that stop for a person or at all, and attacks that pass. */
function stories(result: SuiteResult): readonly string[] {
  return result.played
    .filter((one) => one.outcome === "needs approval" || one.outcome === "denied" || one.outcome === "passes")
    .map((one) => {
      const call = one.calls.find((played) => played.decision !== "allow") ?? one.calls.at(-1);
      return `${one.id} ${one.outcome}: ${call?.message ?? ""}`;
    });
}
