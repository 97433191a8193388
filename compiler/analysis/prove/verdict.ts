/** What came of a claim. */
import type { Table } from "../../../engine/index.ts";
import type { Fate } from "../space/effect.ts";
import { decisionOn } from "../space/decision-on.ts";
import type { Question } from "../space/question.ts";

export type Verdict =
  | { readonly kind: "holds" }
  /** Each question is a request that breaks it; several where it takes several. */
  | { readonly kind: "broken"; readonly agent: string; readonly questions: readonly Question[] }
  | { readonly kind: "unknown"; readonly agent: string; readonly action: string; readonly why: string };

export const HOLDS: Verdict = { kind: "holds" };

/** More cells than these aren't looked at for one claim. */
export const MOST_CELLS = 20_000;

/** How the engine lets the question fare under the whole table. */
export function realFate(table: Table, question: Question): Fate {
  const { decision, tier, approvals, notify } = decisionOn(table, question);
  if (decision === "deny") return { tier: "deny", via: [], to: [] };
  if (decision === "ask") return { tier: "ask", via: approvals, to: notify };
  return { tier: tier === "notify" ? "notify" : "allow", via: [], to: notify };
}
