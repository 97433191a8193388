/** A cell in a few words. */
import type { Cell } from "./matrix.ts";
import type { Outcome, OutcomeTier } from "./outcomes.ts";

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

/** Whether the cell says nothing but that no rule grants. */
export function isEmpty(cell: Cell): boolean {
  return cell.outcomes.every((outcome) => outcome.tier === "none");
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
