/** Two fates of one request: which is looser. Deny < ask < notify < allow. */
import type { Approval } from "../../../engine/index.ts";
import type { Fate } from "../space/effect.ts";
import { approvalChanges, asksAsMuch, swapped, type Tables } from "./approval-order.ts";
import { compareTold, type ToldChange } from "./told-channels.ts";

const LOOSENESS: { readonly [tier in Fate["tier"]]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

export interface FateOrder {
  readonly looser: boolean;
  readonly stricter: boolean;
}

/** Both where each asks somebody, or tells somebody, whom the other doesn't. */
export function compareFates(before: Fate, after: Fate, tables: Tables): FateOrder {
  const step = LOOSENESS[after.tier] - LOOSENESS[before.tier];
  if (step !== 0) return { looser: step > 0, stricter: step < 0 };
  const told = toldBy(before, after, tables);
  return {
    looser: !isMadeUpFor(before, after, tables) || told.gone.length > 0,
    stricter: !isMadeUpFor(after, before, swapped(tables)) || told.come.length > 0,
  };
}

/** In words what a fate of the same tier asks for less than before; empty where the tiers say it all. */
export function whatIsLess(before: Fate, after: Fate, tables: Tables): readonly string[] {
  if (before.tier !== after.tier) return [];
  const [old, now] = approvalsOf(before, after, tables);
  const come = now.filter(({ name }) => !before.via.includes(name));
  const gone = old.filter(({ name }) => !after.via.includes(name));
  const asked = isMadeUpFor(before, after, tables) ? [] : gone.map((one) => lessThan(one, come, tables));
  return [...asked, ...toldBy(before, after, tables).gone.map((name) => `\`${name}\` isn't told any more`)];
}

/** Against the one in its place that comes nearest. */
function lessThan(old: Approval, come: readonly Approval[], tables: Tables): string {
  const loss = (now: Approval): readonly string[] =>
    approvalChanges(old, now, tables).flatMap(({ direction, change }) => (direction === "looser" ? [change] : []));
  const [nearest] = come.toSorted((a, b) => loss(a).length - loss(b).length);
  if (nearest === undefined) return `\`${old.name}\` isn't asked any more`;
  const less = loss(nearest);
  const why = less.length === 0 ? "one approval fewer, and nobody could count in both" : less.join(", ");
  return `\`${nearest.name}\` in place of \`${old.name}\`: ${why}`;
}

/**
 * Has every approval of before one of its own after that asks for as much? Nobody counts in two of them, so one can't
 * make up for two. One of the same name is compared by itself, beside the decisions.
 */
function isMadeUpFor(before: Fate, after: Fate, tables: Tables): boolean {
  const [old, now] = approvalsOf(before, after, tables);
  const [gone, come] = [unlike(old, now), unlike(now, old)];
  return canBeMatched(gone, come, (one, other) => asksAsMuch(one, other, tables));
}

function approvalsOf(before: Fate, after: Fate, tables: Tables): readonly [readonly Approval[], readonly Approval[]] {
  const find = ({ via }: Fate, all: readonly Approval[]): readonly Approval[] =>
    [...new Set(via)].flatMap((name) => all.find((one) => one.name === name) ?? []);
  return [find(before, tables.before.body.approvals), find(after, tables.after.body.approvals)];
}

function unlike(some: readonly Approval[], others: readonly Approval[]): readonly Approval[] {
  return some.filter(({ name }) => !others.some((other) => other.name === name));
}

/** Each of the first with another one of the second. */
function canBeMatched(
  [first, ...rest]: readonly Approval[],
  others: readonly Approval[],
  fits: (one: Approval, other: Approval) => boolean,
): boolean {
  if (first === undefined) return true;
  return others.some((other, at) => fits(first, other) && canBeMatched(rest, others.toSpliced(at, 1), fits));
}

function toldBy(before: Fate, after: Fate, tables: Tables): ToldChange {
  return compareTold({ names: before.to, table: tables.before }, { names: after.to, table: tables.after });
}
