/** `SELECTORS [when C] => at least|at most TIER [via …]`: over every agent, action and request. */
import type { Action, Agent, Table } from "../../../engine/index.ts";
import type { ResolvedClaim } from "../../resolved-proof.ts";
import type { Fate } from "../space/effect.ts";
import { realFate } from "../space/real-fate.ts";
import { walk } from "../space/walk.ts";
import { claimCell } from "./claim-cell.ts";
import { claimPlaces } from "./claim-places.ts";
import { isAtLeast, isAtMost } from "./strictness.ts";
import { HOLDS, MOST_CELLS, type Verdict } from "./verdict.ts";

type Bound = Extract<ResolvedClaim, { kind: "bound" }>;

export function proveBound(claim: Bound, table: Table, from: number | undefined): Verdict {
  const places = claimPlaces(table, claim.actions);
  if (places.reduce((sum, { actions }) => sum + actions.length, 0) > MOST_CELLS) {
    return { kind: "unknown", agent: "", action: "", why: "too many agents and actions" };
  }
  let doubt: Verdict = HOLDS;
  for (const { agent, actions } of places) {
    for (const action of actions) {
      const verdict = proveOn(claim, { table, agent, action, from });
      if (verdict.kind === "broken") return verdict;
      if (verdict.kind === "unknown") doubt = verdict;
    }
  }
  return doubt;
}

interface Place {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  readonly from: number | undefined;
}

function proveOn(claim: Bound, place: Place): Verdict {
  const { scope, when, bound } = claim;
  const { table, agent, action } = place;
  const least = bound === "at least";
  const cell = claimCell(place, { scope, when, reach: least ? "possibly" : "surely", withoutLimits: !least });
  const { found, inexact } = walk(cell);
  // What the agent can't do at all is none of what it can do at most.
  if (!least && inexact === null && found.every(({ fates: [fate] }) => fate?.tier === "deny")) return HOLDS;
  const able = least || found.some(({ fates: [fate] }) => fate?.tier !== "deny");
  const breaches = found.filter(({ fates: [fate, mark] }) => mark?.tier === "notify" && fate && isBroken(claim, fate));
  for (const { chosen } of able ? breaches : []) {
    const question = cell.question(chosen);
    if (isBroken(claim, realFate(table, question))) return { kind: "broken", agent: agent.name, questions: [question] };
  }
  const why = inexact ?? (breaches.length > 0 && able ? "a request that can't be put together" : null);
  return why === null ? HOLDS : { kind: "unknown", agent: agent.name, action: action.name, why };
}

function isBroken({ bound, tier, via }: Bound, fate: Fate): boolean {
  return bound === "at least" ? !isAtLeast(fate, tier, via) : !isAtMost(fate, tier, via);
}
