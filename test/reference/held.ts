/** What stands for each agent of a chain, with its truth: rules, limits, and what is only rehearsed. */
import type { ActionDeclaration, LimitNode, RuleNode } from "../../dsl/ast.ts";
import { type Standing, standingFor } from "./declarations.ts";
import type { Situation } from "./facts.ts";
import { type Verdict, verdict } from "./formula.ts";
import { type Counted, limitSeen } from "./limits.ts";
import type { Truth } from "./truth.ts";

/** One agent of the chain; `agent.*` in its rules is this one. */
export interface Party {
  readonly situation: Situation;
  /** False for those above the agent that acts: they restrict and never grant, and gain no roles. */
  readonly acts: boolean;
}

export interface HeldRule extends Verdict {
  readonly node: RuleNode;
  readonly mayGrant: boolean;
}

export interface HeldLimit extends Counted {
  readonly node: LimitNode;
  /** Unless false it counts. */
  readonly restricts: Truth;
}

export interface Held {
  readonly rules: readonly HeldRule[];
  readonly limits: readonly HeldLimit[];
  readonly trials: readonly string[];
}

export function heldFor(parties: readonly Party[], action: ActionDeclaration, resources: readonly string[]): Held {
  const rules = parties.flatMap((party) => rulesOf(party, action, resources));
  const limits = parties.flatMap((party) => limitsOf(party, action, resources));
  return {
    rules: rules.filter(({ node }) => !node.trial),
    limits: limits.filter(({ node }) => !node.trial),
    trials: [...new Set([...rules.filter(rehearses), ...limits.filter(wouldCount)].map(({ node }) => node))]
      .map(trialText)
      .toSorted(),
  };
}

function standing({ situation, acts }: Party): readonly Standing[] {
  return standingFor(situation.policy, situation.agent, acts ? situation.state.roles : new Set());
}

function rulesOf(party: Party, action: ActionDeclaration, resources: readonly string[]): readonly HeldRule[] {
  const { situation, acts } = party;
  return standing(party).flatMap(({ item, mayGrant }) => {
    if (item.kind !== "Rule" || (!acts && item.tier === "allow")) return [];
    if (item.until !== null && situation.question.at >= Date.parse(item.until.text)) return [];
    return [{ node: item, mayGrant: mayGrant && acts, ...verdict(item, action, situation, resources) }];
  });
}

function limitsOf(party: Party, action: ActionDeclaration, resources: readonly string[]): readonly HeldLimit[] {
  return standing(party).flatMap(({ item }) => {
    if (item.kind !== "Limit") return [];
    const { restricts } = verdict(item, action, party.situation, resources);
    return restricts === false ? [] : [{ node: item, ...limitSeen(item, party.situation), restricts }];
  });
}

/** An `allow` takes part where it grants, everything else where it grants or restricts. */
function rehearses({ node, mayGrant, grants, restricts }: HeldRule): boolean {
  if (!node.trial) return false;
  const granting = mayGrant && node.tier !== "never" && grants === true;
  return granting || (node.tier !== "allow" && restricts !== false);
}

function wouldCount({ node, over }: HeldLimit): boolean {
  return node.trial && over;
}

function trialText(node: RuleNode | LimitNode): string {
  if (node.kind === "Limit") return node.via === null ? "never" : `ask ${node.via.value}`;
  const named = [...node.via, ...node.to].map((name) => name.value).toSorted();
  return [node.tier, ...named].join(" ");
}
