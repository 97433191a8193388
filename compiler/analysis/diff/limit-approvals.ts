/** Limits of one count that ask: who decides beyond each of their numbers. */
import { compareNumbers } from "../../../engine/index.ts";
import type { Limit } from "../../../engine/index.ts";
import type { Fate } from "../space/effect.ts";
import type { Tables } from "./approval-order.ts";
import { compareFates, whatIsLess } from "./fate-order.ts";
import type { Direction } from "./policy-diff.ts";

interface Change {
  readonly direction: Direction;
  readonly what: string;
  readonly change: string;
}

/** Only where a question is asked before and after: where it begins and ends shows in the numbers. */
export function approvalsBeyond(before: readonly Limit[], after: readonly Limit[], tables: Tables): readonly Change[] {
  const [first] = after;
  if (first === undefined) return [];
  const numbers = [...new Set([...before, ...after].map(({ n }) => n))].toSorted(compareNumbers);
  const steps = new Map<string, Change>();
  for (const n of numbers) {
    const [old, now] = [fateBeyond(n, before), fateBeyond(n, after)];
    if (old === null || now === null) continue;
    const { looser, stricter } = compareFates(old, now, tables);
    if (!looser && !stricter) continue;
    const asks = `asks via ${old.via.join(" and ")} → ${now.via.join(" and ")}`;
    const change = looser ? `${asks}; ${whatIsLess(old, now, tables).join("; ")}` : asks;
    const beyond = numbers.length > 1 ? `beyond ${n} ` : "";
    if (steps.has(change)) continue;
    steps.set(change, {
      direction: looser ? "looser" : "stricter",
      what: `\`${first.text}\``,
      change: `${beyond}${change}`,
    });
  }
  return [...steps.values()];
}

/** Null where nothing is asked beyond it: no limit is met yet, or one that denies. */
function fateBeyond(n: string, limits: readonly Limit[]): Fate | null {
  const met = limits.filter((limit) => compareNumbers(limit.n, n) <= 0);
  if (met.length === 0 || met.some(({ via }) => via === null)) return null;
  return { tier: "ask", via: [...new Set(met.flatMap(({ via }) => via ?? []))], to: [] };
}
