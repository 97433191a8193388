/** `SELECTORS [when C] => at least|at most TIER [via …]`: over every agent, action and request. */
import type { Table } from "../../../engine/index.ts";
import type { ResolvedClaim } from "../../resolved-proof.ts";
import type { Fate } from "../space/effect.ts";
import { realFate } from "../space/real-fate.ts";
import { claimCell, type ClaimPlace, loosenings, walkClaim } from "./claim-cell.ts";
import { claimPlaces } from "./claim-places.ts";
import { isAtLeast, isAtMost } from "./strictness.ts";
import { HOLDS, MOST_CELLS, type ProofPlace, SPENT, VACUOUS, type Verdict } from "./verdict.ts";

type Bound = Extract<ResolvedClaim, { kind: "bound" }>;

export function proveBound(claim: Bound, table: Table, { from, effort }: ProofPlace): Verdict {
  const places = claimPlaces(table, claim.actions);
  if (places.reduce((sum, { actions }) => sum + actions.length, 0) > MOST_CELLS) {
    return { kind: "unknown", agent: "", action: "", why: "too many agents and actions" };
  }
  let doubt: Verdict = claim.when === null || places.length === 0 ? HOLDS : VACUOUS;
  for (const { agent, actions } of places) {
    for (const action of actions) {
      const verdict = proveOn(claim, { table, agent, action, from, effort });
      if (verdict.kind === "broken") return verdict;
      if (verdict.kind === "unknown" || (verdict.meant && doubt.kind === "holds")) doubt = verdict;
    }
  }
  return doubt;
}

/** Where something can't be told, a `never` may be to blame, without which a lower bound holds all the more. */
function proveOn(claim: Bound, place: ClaimPlace): Verdict {
  const verdict = proveWithout(claim, place, new Set());
  if (verdict.kind !== "unknown" || claim.bound !== "at least") return verdict;
  for (const without of loosenings(place)) {
    const looser = proveWithout(claim, place, without);
    if (looser.kind === "holds") return looser;
  }
  return verdict;
}

function proveWithout(claim: Bound, place: ClaimPlace, without: ReadonlySet<string>): Verdict {
  const { scope, when, bound } = claim;
  const { table, agent, action, effort } = place;
  if (effort.left < 0) return { kind: "unknown", agent: agent.name, action: action.name, why: SPENT };
  const least = bound === "at least";
  const about = { scope, when, reach: least ? ("possibly" as const) : ("surely" as const), withoutLimits: !least };
  const cell = claimCell(place, { ...about, without });
  const { found, inexact } = walkClaim(cell, effort);
  const meant = found.some(({ fates: [, mark] }) => mark?.tier === "notify") ? HOLDS : VACUOUS;
  // What the agent can't do at all is none of what it can do at most.
  if (!least && inexact === null && found.every(({ fates: [fate] }) => fate?.tier === "deny")) return meant;
  const able = least || found.some(({ fates: [fate] }) => fate?.tier !== "deny");
  const breaches = found.filter(({ fates: [fate, mark] }) => mark?.tier === "notify" && fate && isBroken(claim, fate));
  for (const { chosen } of able ? breaches : []) {
    const question = cell.question(chosen);
    if (isBroken(claim, realFate(table, question))) return { kind: "broken", agent: agent.name, questions: [question] };
  }
  const why = inexact ?? (breaches.length > 0 && able ? "a request that can't be put together" : null);
  return why === null ? meant : { kind: "unknown", agent: agent.name, action: action.name, why };
}

function isBroken({ bound, tier, via }: Bound, fate: Fate): boolean {
  return bound === "at least" ? !isAtLeast(fate, tier, via) : !isAtMost(fate, tier, via);
}
