/** A policy's cell beside a claim: the second side tells whether the claim is about a request. */
import {
  type Action,
  type Agent,
  type Block,
  type Condition,
  maySelect,
  type Scope,
  type Table,
} from "../../../engine/index.ts";
import { type Cell, cellOf, type Effort, spentOn } from "../space/cell.ts";
import { groundOf } from "../space/ground.ts";
import { madeRule } from "../space/made-rule.ts";
import { blocksOf, sideOf } from "../space/side.ts";
import { walk, type Walked } from "../space/walk.ts";

export interface ClaimPlace {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  /** UTC milliseconds: what is past has nothing to be proven of it. */
  readonly from: number | undefined;
  readonly effort: Effort;
}

export interface ClaimAbout {
  readonly scope: Scope;
  readonly when: Condition | null;
  /** `surely`: only where it certainly selects; else also where that is unknown. */
  readonly reach: "surely" | "possibly";
  readonly withoutLimits: boolean;
  /** Ids of rules that are left out of the policy. */
  readonly without?: ReadonlySet<string>;
}

/** The second fate is `notify` where the claim is about the request, and another where it isn't. */
export function claimCell({ table, agent, action, from }: ClaimPlace, claim: ClaimAbout): Cell {
  const { ground, bounds } = groundOf([{ table, agent, action }], from);
  const { withoutLimits, without = NO_IDS } = claim;
  const policy = sideOf(table, agent, action, { withoutLimits, without });
  const anyone = { ...agent, requester_required: false };
  const marks = sideOf(table, anyone, action, { blocks: [{ block: blockOf(claim), role: null }] });
  return cellOf([policy, marks], ground, bounds);
}

const NO_IDS: ReadonlySet<string> = new Set();

/**
 * Rules without which a policy is no stricter, and which may be what can't be told apart: first what looks into
 * arguments with a detector, then every `never`. What holds of such a policy holds of the whole one.
 */
export function loosenings({ table, agent, action }: ClaimPlace): readonly ReadonlySet<string>[] {
  const nevers = blocksOf(table, agent).flatMap(({ block }) =>
    block.rules.filter((rule) => rule.tier === "never" && maySelect(rule, action)),
  );
  const detecting = nevers.filter(({ when }) => JSON.stringify(when).includes('"op":"detect"'));
  return [detecting, nevers]
    .filter((rules, at, all) => rules.length > (at === 0 ? 0 : (all[0]?.length ?? 0)))
    .map((rules) => new Set(rules.map(({ id }) => id)));
}

/** The cell walked, and paid for. */
export function walkClaim(cell: Cell, effort: Effort): Walked {
  const walked = walk(cell);
  effort.left -= spentOn(cell);
  return walked;
}

/** A `notify` grants where it surely selects, and restricts where it possibly does. */
function blockOf({ scope, when, reach }: ClaimAbout): Block {
  const mark = madeRule("notify", "notify", { scope, when, to: ["claim"] });
  const rules = reach === "surely" ? [mark] : [madeRule("allow", "allow"), mark];
  return { kind: "role", name: "claim", rules, limits: [] };
}
