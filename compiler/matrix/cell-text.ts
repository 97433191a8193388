/** A cell in a few words. */
import type { Cell, CellDoubt } from "./cell.ts";
import type { Matrix } from "./matrix.ts";
import { canBeAdmitted, type Outcome, type OutcomeTier } from "./outcome.ts";

/** One tier of a cell with the approvals it may need. */
export interface CellPart {
  readonly tier: OutcomeTier;
  /** Each a set of approvals needed together: `["lead_review"]`, `["finance_pair", "lead_review"]`. */
  readonly via: readonly (readonly string[])[];
}

/** The outcomes of a cell, one part a tier, loosest first. */
export function cellParts(outcomes: readonly Outcome[]): readonly CellPart[] {
  const parts = new Map<OutcomeTier, (readonly string[])[]>();
  for (const outcome of outcomes) {
    const via = outcome.tier === "ask" ? [outcome.via] : [];
    parts.set(outcome.tier, [...(parts.get(outcome.tier) ?? []), ...via]);
  }
  return [...parts].map(([tier, via]) => ({ tier, via }));
}

/** `allow`, `ask (lead_review)`, `ask (a, or a + b)`, `–`. */
export function partText(part: CellPart): string {
  if (part.tier === "none") return "–";
  const via = part.via.map((names) => names.join(" + ")).join(", or ");
  return via === "" ? part.tier : `${part.tier} (${via})`;
}

/** `may also ask (lead_review) | –, since not every case of …`: what couldn't be ruled out, and why. */
export function doubtText({ may_also, why }: CellDoubt): string {
  return `may also ${cellParts(may_also).map(partText).join(" | ")}, since ${why}`;
}

/**
 * Ids of the limits that a cell shows: those that count something it admits, without those that are said once for
 * the whole matrix. Every number of limits in the text and on the page is the length of this list.
 */
export function shownLimits(matrix: Matrix, cell: Cell): readonly string[] {
  if (!canBeAdmitted(cell.outcomes)) return [];
  return cell.limits.filter((id) => !matrix.limits_on_all.includes(id));
}

/** `1 limit`, `3 agents`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** What each word of a cell means, for legends. */
export const LEGEND: readonly (readonly [tier: OutcomeTier, meaning: string])[] = [
  ["allow", "executes at once"],
  ["notify", "executes, and people are told"],
  ["ask", "a human decides first"],
  ["never", "denied, whoever asks"],
  ["none", "no rule grants it"],
];

/** First name segment and the rest: `crm` and `contacts.read`. A name of one segment is its own group. */
export function groupOf(action: string): string {
  return action.split(".")[0] ?? action;
}
