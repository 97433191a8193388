/** Where each rule, limit and declaration was written: file, line and column, 1-based. No part of the table's hash. */
import type { Source, Span } from "../../dsl/index.ts";
import type { Places } from "../../engine/index.ts";
import type { Placed, Program } from "../program.ts";
import { compareText } from "../sorted-set.ts";
import type { LoweredBlock } from "./lower-block.ts";

type Place = readonly [id: string, file: number, line: number, column: number];

export function lowerPlaces(program: Program, blocks: readonly LoweredBlock[], sources: readonly Source[]): Places {
  const files = [...new Set(sources.map((source) => source.name))].toSorted();
  const locate = locator(files, sources);
  const rules = blocks.flatMap(({ spans }) =>
    [...spans].map(([id, all]) => firstOf(all.map((span) => [id, ...locate(span)] as const))),
  );
  return {
    files,
    rules: rules.toSorted(byName),
    declarations: declarations(program)
      .map(([name, span]) => [name, ...locate(span)] as const)
      .toSorted(byName),
  };
}

function declarations(program: Program): readonly (readonly [string, Span])[] {
  return [
    ...named("label", program.labels),
    ...named("set", program.sets),
    ...named("live set", program.liveSets),
    ...named("schedule", program.schedules),
    ...named("group", program.groups),
    ...named("channel", program.channels),
    ...named("approval", program.approvals),
    ...named("server", program.servers),
    ...named("action", program.actions),
    ...named("agent", program.agents),
    ...named("gateway", program.gateways),
    ...named("canary", program.canaries),
    ...named("breaker", program.breakers),
    ...program.blocks
      .filter((block) => block.kind === "role")
      .map((block) => [`role ${block.name}`, block.span] as const),
  ];
}

function named(kind: string, rows: readonly Placed<{ readonly name: string }>[]): readonly (readonly [string, Span])[] {
  return rows.map(({ row, span }) => [`${kind} ${row.name}`, span]);
}

function byName(left: Place, right: Place): number {
  return compareText(left[0], right[0]);
}

/** Of a rule written twice the first place stays, by file and position. */
function firstOf(places: readonly Place[]): Place {
  const [first] = places.toSorted((a, b) => a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  if (!first) throw new Error("a rule without a place");
  return first;
}

type Located = readonly [file: number, line: number, column: number];

/** Finds lines by halving, since a large policy has thousands of rules in one file. */
function locator(files: readonly string[], sources: readonly Source[]): (span: Span) => Located {
  const starts = new Map(sources.map((source) => [source.name, lineStarts(source.text)]));
  const index = new Map(files.map((name, at) => [name, at]));
  return (span) => {
    const lines = starts.get(span.source) ?? [0];
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[middle] ?? 0) <= span.start) low = middle + 1;
      else high = middle;
    }
    return [index.get(span.source) ?? 0, low, span.start - (lines[low - 1] ?? 0) + 1];
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
