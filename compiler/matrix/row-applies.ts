/** Whether a rule or limit can be about what an agent does with an action, by itself: over every well-formed request. */
import { maySelect, selects } from "../../engine/index.ts";
import type { Block, Limit, Rule } from "../../engine/index.ts";
import { madeRule } from "../analysis/space/made-rule.ts";
import { type CellName, possibleOutcomes, type SpaceOptions } from "../analysis/space/possible-outcomes.ts";
import { type PlacedBlock } from "../analysis/space/side.ts";

export type Applies = "never" | "sometimes" | "always";

/** `grants`: is it true? `restricts`: is it true or unknown? */
export type Side = "grants" | "restricts";

export function rowApplies(row: Rule | Limit, side: Side, cell: CellName, options: SpaceOptions): Applies {
  if (!maySelect(row, cell.action)) return "never";
  if (isPlain(row, cell)) return "always";
  const { outcomes, inexact } = possibleOutcomes(cell, { ...options, denials: true, blocks: blocksFor(row, side) });
  const applies = outcomes.some(({ fate }) => fate.tier === "notify");
  // Where nobody stands behind the session though somebody must, the request doesn't come as far as the rules.
  const doesNot = outcomes.some(({ fate }) => fate.tier === "allow" || fate.denial === "grant");
  // Cases may be missing: nothing is ruled out.
  if (inexact !== null) return "sometimes";
  if (!applies) return "never";
  return doesNot ? "sometimes" : "always";
}

/** Neither a condition nor a pattern nor an end: selected is applied. */
function isPlain({ scope, when, ...row }: Rule | Limit, { action }: CellName): boolean {
  if (scope.on !== null || when !== null || ("until" in row && row.until !== null)) return false;
  const surely = scope.select.some((selector) => selects(selector, action, true));
  return surely && !scope.except.some((selector) => selects(selector, action, false));
}

/** The row alone, to be told by `notify`; what restricts stands beside a rule that grants everything. */
function blocksFor(row: Rule | Limit, side: Side): readonly PlacedBlock[] {
  const told: Rule = { ...MARK, scope: row.scope, when: row.when, until: "until" in row ? row.until : null };
  const block = (kind: Block["kind"], rule: Rule): PlacedBlock => ({
    block: { kind, name: "", rules: [rule], limits: [] },
    role: null,
  });
  return side === "grants" ? [block("role", told)] : [block("every", told), block("role", GRANT)];
}

const MARK = madeRule("row", "notify", { to: ["here"] });
const GRANT = madeRule("all", "allow");
