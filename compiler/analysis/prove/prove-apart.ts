/** `no agent can X and Y`: no single agent has, for each of them, some request that isn't denied. */
import type { Agent, Scope, Table } from "../../../engine/index.ts";
import type { ClaimedAbility, ResolvedClaim } from "../../resolved-proof.ts";
import type { Question } from "../space/question.ts";
import { realFate } from "../space/real-fate.ts";
import { claimCell, type ClaimPlace, loosenings, walkClaim } from "./claim-cell.ts";
import { claimPlaces } from "./claim-places.ts";
import { HOLDS, MOST_CELLS, type ProofPlace, SPENT, type Verdict } from "./verdict.ts";

type Apart = Extract<ResolvedClaim, { kind: "apart" }>;

export function proveApart(claim: Apart, table: Table, place: ProofPlace): Verdict {
  const places = claimPlaces(table, [...new Set(claim.each.flatMap(({ actions }) => [...actions]))]);
  if (places.reduce((sum, { actions }) => sum + actions.length, 0) > MOST_CELLS) {
    return { kind: "unknown", agent: "", action: "", why: "too many agents and actions" };
  }
  let doubt: Verdict = HOLDS;
  for (const { agent, actions } of places) {
    const granted = new Set(actions);
    const each = claim.each.map((ability) => ({
      ...ability,
      actions: ability.actions.filter((action) => granted.has(action)),
    }));
    const verdict = apartFor(agent, { ...claim, each }, table, place);
    if (verdict.kind === "broken") return verdict;
    if (verdict.kind === "unknown") doubt = verdict;
  }
  return doubt;
}

function apartFor(agent: Agent, { each }: Apart, table: Table, place: ProofPlace): Verdict {
  const questions: Question[] = [];
  let doubt: Verdict = HOLDS;
  for (const ability of each) {
    const found = requestFor(agent, ability, table, place);
    if (found.kind === "none") return HOLDS;
    if (found.kind === "unknown") doubt = { kind: "unknown", agent: agent.name, action: found.action, why: found.why };
    else questions.push(found.question);
  }
  return doubt.kind === "holds" ? { kind: "broken", agent: agent.name, questions } : doubt;
}

type Search =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly question: Question }
  | { readonly kind: "unknown"; readonly action: string; readonly why: string };

function requestFor(agent: Agent, { scope, actions }: ClaimedAbility, table: Table, place: ProofPlace): Search {
  let result: Search = { kind: "none" };
  for (const action of actions) {
    const found = requestOn({ table, agent, action, ...place }, scope);
    if (found.kind === "found") return found;
    if (found.kind === "unknown") result = found;
  }
  return result;
}

/** Where something can't be told, a `never` may be to blame, without which more is admitted. */
function requestOn(place: ClaimPlace, scope: Scope): Search {
  const found = requestWithout(place, scope, new Set());
  if (found.kind !== "unknown") return found;
  const none = loosenings(place).some((without) => requestWithout(place, scope, without).kind === "none");
  return none ? { kind: "none" } : found;
}

function requestWithout(place: ClaimPlace, scope: Scope, without: ReadonlySet<string>): Search {
  const { table, action, effort } = place;
  if (effort.left < 0) return { kind: "unknown", action: action.name, why: SPENT };
  const cell = claimCell(place, { scope, when: null, reach: "possibly", withoutLimits: false, without });
  const { found, inexact } = walkClaim(cell, effort);
  const admitted = found.filter(({ fates: [fate, mark] }) => fate?.tier !== "deny" && mark?.tier === "notify");
  for (const { chosen } of admitted) {
    const question = cell.question(chosen);
    if (realFate(table, question).tier !== "deny") return { kind: "found", question };
  }
  const why = inexact ?? (admitted.length > 0 ? "a request that can't be put together" : null);
  return why === null ? { kind: "none" } : { kind: "unknown", action: action.name, why };
}
