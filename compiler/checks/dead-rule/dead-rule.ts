/**
 * AP4100, AP4101 and AP4102: rules that never decide anything, because their condition can't hold, because a stricter
 * rule always applies where they do, or because another rule does the same. Everything said here is proven over all
 * cases (`analysis/space`); where those are too many, or can't all be told apart, nothing is said.
 */
import type { Action } from "../../../engine/index.ts";
import type { ResolvedBlock, ResolvedRule } from "../../program.ts";
import { indexActions } from "../../resolve/actions.ts";
import type { CheckContext } from "../check.ts";
import { type Bundle, bundlesOf } from "./bundle.ts";
import { byStrictness, covers, lifeIn } from "./judge.ts";
import { reportDead } from "./report-dead.ts";
import { type CellReader, cellReader, type RuleCell, type Told } from "./rule-cell.ts";

/** So many cells are looked at for one rule; a rule that none of them shows at work is passed over beyond them. */
const MOST_CELLS = 60;

export function checkDeadRule(context: CheckContext): void {
  const { program, today, cells: memory } = context;
  const bundles = bundlesOf(program, indexActions(program.actions.map(({ row }) => row)));
  const byBlock = new Map<ResolvedBlock, Bundle[]>();
  for (const bundle of bundles) {
    for (const block of [...bundle.own, ...bundle.every]) {
      const known = byBlock.get(block);
      if (known === undefined) byBlock.set(block, [bundle]);
      else known.push(bundle);
    }
  }
  const cells = cellReader(program, today, memory);
  for (const block of program.blocks) {
    for (const rule of block.rules) {
      if (rule.trial || rule.actions.length === 0) continue;
      const finding = lifeOf(rule, block, byBlock.get(block) ?? [], cells);
      if (finding !== null) reportDead(block, rule, finding, context);
    }
  }
}

/** What is known of a rule that never decides. */
export interface Death {
  /** It applies to some request; false where its condition can't hold. */
  readonly applies: boolean;
  /** Rules that apply, each by itself, wherever this one does; the strictest first. */
  readonly by: readonly Told[];
  /** All rules that stand beside it. */
  readonly beside: readonly Told[];
  /** The rule itself. */
  readonly self: Told | null;
  /** Of those beside it the ones that it covers; one that is also in `by` does the same. */
  readonly covered: ReadonlySet<ResolvedRule>;
  /** For some agent and action it covers another. */
  readonly coversSome: boolean;
}

/** Null for a rule that decides something, or may. */
function lifeOf(rule: ResolvedRule, block: ResolvedBlock, bundles: readonly Bundle[], cells: CellReader): Death | null {
  if (bundles.length === 0 || bundles.length * rule.actions.length > MOST_CELLS * 20) return null;
  const applied = new Set<RuleCell>();
  let seen = 0;
  for (const bundle of bundles) {
    for (const action of rule.actions) {
      seen += 1;
      if (seen > MOST_CELLS || isAlone(rule, block, bundle, action)) return null;
      const cell = cells(bundle, action);
      if (cell === null) return null;
      const one = cell.told.find((told) => told.rule === rule);
      if (one === undefined) continue;
      const life = lifeIn(cell, one, bundle.lent.has(action));
      if (life === "works") return null;
      if (life === "dead") applied.add(cell);
    }
  }
  return deathOf(rule, [...applied]);
}

/** Nothing else is said of the action, and this without a condition: it decides, whatever is asked. */
function isAlone(rule: ResolvedRule, block: ResolvedBlock, { own, every }: Bundle, action: Action): boolean {
  const { scope, when } = rule;
  if (when !== null || scope.on !== null || scope.except.length > 0 || block.kind === "every") return false;
  if (scope.select.every((selector) => selector.kind === "class") && action.classes.some((item) => item.when !== null))
    return false;
  return [...own, ...every].every((one) =>
    one.rules.every((other) => other === rule || other.trial || !other.actions.includes(action)),
  );
}

function deathOf(rule: ResolvedRule, cells: readonly RuleCell[]): Death {
  const [first] = cells;
  const selfIn = ({ told }: RuleCell): Told | undefined => told.find((one) => one.rule === rule);
  const self = (first && selfIn(first)) ?? null;
  const everywhere = (test: (cell: RuleCell, other: Told, one: Told) => boolean, other: ResolvedRule): boolean =>
    cells.every((cell) => {
      const one = selfIn(cell);
      const found = cell.told.find((told) => told.rule === other);
      return one !== undefined && found !== undefined && test(cell, found, one);
    });
  const beside = (first?.told ?? []).filter((told) => told.rule !== rule);
  const by = beside.filter((told) => everywhere(covers, told.rule)).toSorted(byStrictness);
  const covered = beside.filter((told) => everywhere((cell, other, one) => covers(cell, one, other), told.rule));
  const coversSome = cells.some((cell) => {
    const one = selfIn(cell);
    return one !== undefined && cell.told.some((told) => told !== one && covers(cell, one, told));
  });
  return { applies: self !== null, by, beside, self, covered: new Set(covered.map((told) => told.rule)), coversSome };
}
