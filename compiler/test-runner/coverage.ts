/** Rules that made the outcome of no call: what the tests of a policy don't speak about. */
import type { Table } from "../../engine/index.ts";
import { blockTitle } from "../matrix/matrix.ts";
import { type Place, placeOf } from "../place-of.ts";
import type { Coverage } from "./test-run.ts";

/** Trial rules are left out, since they never decide. */
export function coverageOf(table: Table, decided: ReadonlySet<string>): Coverage {
  const rules = table.body.blocks.flatMap((block) =>
    block.rules
      .filter((rule) => !rule.trial)
      .map((rule) => ({ id: rule.id, block: blockTitle(block), text: rule.text, place: placeOf(table, rule.id) })),
  );
  const missing = rules.filter((rule) => !decided.has(rule.id));
  return { rules: rules.length, never_decided: missing.sort((a, b) => byPlace(a.place, b.place)) };
}

function byPlace(a: Place | null, b: Place | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
