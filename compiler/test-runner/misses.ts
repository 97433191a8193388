/** How far a call was from making a rule decide: the fewest parts of it that would have had to be otherwise. */
import type {
  Condition,
  Decision,
  ExplainedCondition,
  ExplainedPart,
  ExplainedResource,
  ExplainedRule,
  Rule,
} from "../../engine/index.ts";
import type { Miss } from "./test-run.ts";

/** Never empty for a rule that didn't decide: where all of it holds, what decided instead is named. */
export function missesOf(rule: Rule, explained: ExplainedRule, decision: Decision): readonly Miss[] {
  const standing = standingMisses(explained);
  const ways = explained.at.map((resource) => resourceMisses(rule, resource, rule.tier === "allow"));
  // A grant needs all resources, a restriction one of them.
  const parts = rule.tier === "allow" ? distinct(ways.flat()) : fewest(ways);
  const misses = [...standing, ...parts];
  return misses.length > 0 ? misses : [outdoneBy(decision)];
}

function standingMisses({ stands, role, ended }: ExplainedRule): readonly Miss[] {
  const gained: readonly Miss[] = stands ? [] : [missed(`role ${role ?? ""} is gained`, "false")];
  return ended ? [...gained, missed("until", "false")] : gained;
}

/** @param grants whether the rule decides only when true; a restriction decides when it isn't false */
function resourceMisses(rule: Rule, { truth, parts }: ExplainedResource, grants: boolean): readonly Miss[] {
  if (truth === "true" || (!grants && truth === "unknown")) return [];
  return parts
    .filter((part) => part.truth === "false" || (grants && part.truth === "unknown"))
    .flatMap((part) => partMisses(rule, part, grants));
}

function partMisses(rule: Rule, { part, truth, unknown, condition }: ExplainedPart, grants: boolean): readonly Miss[] {
  if (condition === null || rule.when === null) return [missed(PARTS[part], truth, unknown)];
  return conditionMisses(rule.when, condition, true, grants);
}

const PARTS: { readonly [part in ExplainedPart["part"]]: string } = {
  selected: "is about this action",
  on: "on",
  "not excepted": "except",
  "not excepted on": "on … except",
  when: "when",
};

/** The fewest atoms that keep the condition from being as wanted. */
function conditionMisses(
  condition: Condition,
  explained: ExplainedCondition,
  wanted: boolean,
  strict: boolean,
): readonly Miss[] {
  const { truth, of } = explained;
  if (truth === String(wanted) || (!strict && truth === "unknown")) return [];
  if (condition.op === "not" && of[0] !== undefined) return conditionMisses(condition.of, of[0], !wanted, strict);
  if (condition.op === "and" || condition.op === "or") {
    const ways = condition.of.map((part, at) => {
      const known = of[at];
      return known === undefined ? [] : conditionMisses(part, known, wanted, strict);
    });
    const all = (condition.op === "and") === wanted;
    return all ? distinct(ways.flat()) : fewest(ways);
  }
  return [missed(explained.text, truth, explained.unknown)];
}

function missed(part: string, was: Miss["was"], unknown: readonly string[] = []): Miss {
  return { part, was, unknown: was === "unknown" ? unknown : [] };
}

function distinct(misses: readonly Miss[]): readonly Miss[] {
  return misses.filter((miss, at) => misses.findIndex(({ part }) => part === miss.part) === at);
}

function fewest(ways: readonly (readonly Miss[])[]): readonly Miss[] {
  return ways.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function outdoneBy({ decision, reason, rules: [rule], message }: Decision): Miss {
  const before = decision === "deny" && reason !== "rule";
  const part =
    before || rule === undefined ? `it came to \`${reason}\`: ${message}` : `\`${rule.text}\` decided instead`;
  return { part, was: "outdone", unknown: [] };
}
