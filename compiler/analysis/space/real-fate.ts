/** How the engine lets a question fare under a whole table, in the words of the analysis. */
import type { Decision, Table } from "../../../engine/index.ts";
import { decisionOn } from "./decision-on.ts";
import { DENIED, type Fate } from "./effect.ts";
import type { Question } from "./question.ts";

export function realFate(table: Table, question: Question): Fate {
  return fateOfDecision(decisionOn(table, question));
}

/** Only for decisions without any approval given. */
function fateOfDecision({ decision, tier, approvals, notify }: Decision): Fate {
  if (decision === "deny") return DENIED;
  if (decision === "ask") return { tier: "ask", via: approvals, to: notify };
  return { tier: tier === "notify" ? "notify" : "allow", via: [], to: notify };
}
