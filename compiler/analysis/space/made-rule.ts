/** Rules that nobody wrote: the analysis puts them beside a policy's own, to ask it something. */
import type { Rule, Scope } from "../../../engine/index.ts";

/** Every action, on whatever resources. */
export const EVERYTHING: Scope = { select: [{ kind: "any" }], except: [], on: null, on_except: [] };

/** About everything and without condition, but for what `about` says. */
export function madeRule(
  id: string,
  tier: Rule["tier"],
  about: Partial<Pick<Rule, "scope" | "when" | "to" | "until">> = {},
): Rule {
  const plain = { scope: EVERYTHING, when: null, to: [], via: [], until: null, text: "", doc: null };
  return { id, tier, trial: false, ...plain, ...about };
}
