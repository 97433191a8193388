/**
 * What else may come of an action where not every case can be told apart: no outcome that the rules could have if
 * their conditions had nothing to do with each other is left out.
 */
import type { Limit, Rule, Tier } from "../../engine/index.ts";
import type { Applies } from "./row-applies.ts";
import { distinct, type Outcome, outcomeKey, TIERS } from "./outcome.ts";

/** A rule that is enforced, and how it applies. */
export interface Applied {
  readonly rule: Pick<Rule, "tier" | "via">;
  readonly grants: Applies;
  readonly restricts: Applies;
}

/** So many choices of approvals are told one by one; beyond, all of them together stand for any of them. */
const MOST_CHOICES = 4;

/** Without those that are `found`, which requests have. */
export function mayAlso(
  rules: readonly Applied[],
  limits: readonly Limit[],
  found: readonly Outcome[],
): readonly Outcome[] {
  const known = new Set(found.map(outcomeKey));
  return distinct(outcomesOf([...rules, ...limits.flatMap(asRule)])).filter((one) => !known.has(outcomeKey(one)));
}

/** A limit that not even one request may fit. */
function asRule({ via, total, n }: Limit): readonly Applied[] {
  if (via === null || (total === null && n !== "0")) return [];
  return [{ rule: { tier: "ask", via: [via] }, grants: "never", restricts: "sometimes" }];
}

function outcomesOf(rules: readonly Applied[]): readonly Outcome[] {
  const granting = rules.filter(({ grants }) => grants !== "never");
  const none: readonly Outcome[] = granting.some(({ grants }) => grants === "always")
    ? []
    : [{ tier: "none", via: [] }];
  if (granting.length === 0) return none;
  const may = rules.filter(({ grants, restricts }) => grants !== "never" || restricts !== "never");
  const must = rules.filter(({ grants, restricts }) => grants === "always" || restricts === "always");
  const floor = Math.max(
    Math.min(...granting.map(({ rule }) => strictness(rule.tier))),
    ...must.map(({ rule }) => strictness(rule.tier)),
  );
  const tiers = new Set(may.map(({ rule }) => rule.tier).filter((tier) => strictness(tier) >= floor));
  const reached = [...tiers].flatMap((tier) => (tier === "ask" ? questions(may, must) : [{ tier, via: [] }]));
  return [...reached, ...none];
}

function strictness(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/** Approvals that are always needed, with every choice of those that may be. */
function questions(may: readonly Applied[], must: readonly Applied[]): readonly Outcome[] {
  const always = must.flatMap(({ rule }) => rule.via);
  const lists = may.filter((one) => one.rule.tier === "ask" && !must.includes(one)).map(({ rule }) => rule.via);
  const some = [...new Map(lists.map((via) => [[...via].sort().join(" "), via])).values()];
  const choices = some.length > MOST_CHOICES ? [some.flat()] : subsets(some).map((chosen) => chosen.flat());
  const needed = choices.map((via) => [...new Set([...always, ...via])].sort());
  return needed.filter((via) => via.length > 0).map((via) => ({ tier: "ask", via }));
}

function subsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return items.reduce<readonly (readonly Item[])[]>(
    (found, item) => [...found, ...found.map((one) => [...one, item])],
    [[]],
  );
}
