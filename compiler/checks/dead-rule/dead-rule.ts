/**
 * AP4100, AP4101 and AP4102: rules that never decide anything, because their condition can't hold, because a stricter
 * rule always applies where they do, or because another rule does the same. Everything said here is proven over all
 * cases; where those are too many nothing is said.
 */
import type { Action } from "../../../engine/index.ts";
import type { ResolvedBlock, ResolvedRule } from "../../program.ts";
import { indexActions } from "../../resolve/actions.ts";
import type { CheckContext } from "../check.ts";
import { type Bundle, bundlesOf } from "./bundle.ts";
import { type Cell, cellOf, type RulesOn, type Told } from "./cell.ts";
import { byStrictness, covers, judge } from "./effect.ts";
import { reportDead } from "./report-dead.ts";

/** So many cells are looked at for one rule; a rule that none of them shows at work is passed over beyond them. */
const MOST_CELLS = 60;

export function checkDeadRule(context: CheckContext): void {
  const { program } = context;
  const bundles = bundlesOf(program, indexActions(program.actions.map(({ row }) => row)));
  const byBlock = new Map<ResolvedBlock, Bundle[]>();
  for (const bundle of bundles) {
    for (const block of [...bundle.own, ...bundle.every]) {
      const known = byBlock.get(block);
      if (known === undefined) byBlock.set(block, [bundle]);
      else known.push(bundle);
    }
  }
  const cells = cellReader(rulesByAction());
  for (const block of program.blocks) {
    for (const rule of block.rules) {
      if (rule.trial || rule.actions.length === 0) continue;
      const finding = lifeOf(rule, byBlock.get(block) ?? [], cells);
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

type CellReader = (bundle: Bundle, action: Action) => Cell | null;

/** Null for a rule that decides something, or may. */
function lifeOf(rule: ResolvedRule, bundles: readonly Bundle[], cells: CellReader): Death | null {
  if (bundles.length === 0 || bundles.length * rule.actions.length > MOST_CELLS * 20) return null;
  const applied: Cell[] = [];
  let seen = 0;
  for (const bundle of bundles) {
    for (const action of rule.actions) {
      seen += 1;
      const cell = seen > MOST_CELLS ? null : cells(bundle, action);
      const one = cell?.told.find((told) => told.rule === rule);
      if (!cell || !one) return null;
      const judged = judge(cell, one, bundle.lent.has(action));
      if (judged.matters) return null;
      if (judged.applies) applied.push(cell);
    }
  }
  return deathOf(rule, applied);
}

function deathOf(rule: ResolvedRule, cells: readonly Cell[]): Death {
  const [first] = cells;
  const self = first?.told.find((told) => told.rule === rule) ?? null;
  const everywhere = (test: (cell: Cell, other: Told, one: Told) => boolean, other: ResolvedRule): boolean =>
    cells.every((cell) => {
      const one = cell.told.find((told) => told.rule === rule);
      const found = cell.told.find((told) => told.rule === other);
      return one !== undefined && found !== undefined && test(cell, found, one);
    });
  const beside = (first?.told ?? []).filter((told) => told.rule !== rule);
  const by = beside.filter((told) => everywhere(covers, told.rule)).toSorted(byStrictness);
  const covered = beside.filter((told) => everywhere((cell, other, one) => covers(cell, one, other), told.rule));
  const coversSome = cells.some((cell) => {
    const one = cell.told.find((told) => told.rule === rule);
    return one !== undefined && cell.told.some((told) => told !== one && covers(cell, one, told));
  });
  return { applies: self !== null, by, beside, self, covered: new Set(covered.map((told) => told.rule)), coversSome };
}

function cellReader(rulesOn: RulesOn): CellReader {
  const known = new Map<Bundle, Map<Action, Cell | null>>();
  return (bundle, action) => {
    const ofBundle = known.get(bundle) ?? new Map<Action, Cell | null>();
    known.set(bundle, ofBundle);
    let cell = ofBundle.get(action);
    if (cell === undefined) ofBundle.set(action, (cell = cellOf(bundle, action, rulesOn)));
    return cell;
  };
}

/** Enforced rules of a block by action, found once for each block. */
function rulesByAction(): RulesOn {
  const known = new Map<ResolvedBlock, Map<Action, ResolvedRule[]>>();
  return (block, action) => {
    let rules = known.get(block);
    if (rules === undefined) {
      known.set(block, (rules = new Map()));
      for (const rule of block.rules.filter(({ trial }) => !trial)) {
        for (const one of rule.actions) {
          const of = rules.get(one);
          if (of === undefined) rules.set(one, [rule]);
          else of.push(rule);
        }
      }
    }
    return rules.get(action) ?? [];
  };
}
