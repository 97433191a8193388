/** A role that was asked for, as the tried policy would answer: whether people are asked, and what speaks against it. */
import type { Policy } from "../../engine/index.ts";
import { BEFORE_RULES, UNASKED } from "./early-reasons.ts";
import { textOf } from "./fields.ts";
import { isWithheld } from "./known-task.ts";
import type { Entry } from "./read-log.ts";
import type { SessionHistory } from "./session-history.ts";
import type { Decided } from "./tally.ts";

export type ElevationAgain =
  /** Refused before any policy was asked. */
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "undecided"; readonly why: string }
  | ({ readonly kind: "decided" } & Decided);

/** @param entry `elevation.asked` or `elevation.refused` */
export function elevationAgain(policy: Policy, history: SessionHistory, entry: Entry): ElevationAgain {
  const { kind, record } = entry;
  const role = textOf(record, "role") ?? "";
  const refused = kind === "elevation.refused" ? (textOf(record, "reason") ?? "") : null;
  if (refused !== null && BEFORE_RULES.includes(refused)) return { kind: "stopped", reason: refused };
  if (history.start === null)
    return { kind: "undecided", why: "the log doesn't begin with the session's first record" };
  if (isWithheld(role))
    return { kind: "undecided", why: "the role that was asked for holds a find, which is never recorded" };
  const against = objection(policy, history.start.requester !== null, role, entry);
  const action = `become ${role}`;
  const was = refused === null ? ("ask" as const) : ("deny" as const);
  if (against !== null) return { kind: "decided", action, was, outcome: "deny", ...against, rules: [] };
  // What people had said, and how much waited for them, stands as it was.
  if (refused !== null && UNASKED.includes(refused)) {
    const message = textOf(record, "message") ?? "";
    return { kind: "decided", action, was, outcome: "deny", reason: refused, message, rules: [] };
  }
  return {
    kind: "decided",
    action,
    was,
    outcome: "ask",
    reason: "rule",
    message: `\`become ${role}\` needs people`,
    rules: [],
  };
}

interface Against {
  readonly reason: string;
  readonly message: string;
}

/** In the order in which an edge looks. */
function objection(policy: Policy, hasRequester: boolean, role: string, entry: Entry): Against | null {
  const { agent: name, chain, at } = entry;
  if (chain.length > 1)
    return { reason: "not_delegated", message: "only a session that no other opened gains roles; ask from there" };
  const agent = policy.agents.get(name)?.agent;
  if (agent === undefined) return { reason: "unknown_agent", message: `agent \`${name}\` is not in the policy` };
  if (at >= agent.review_by) return { reason: "review_overdue", message: `the review of \`${name}\` is overdue` };
  if (agent.requester_required && !hasRequester)
    return { reason: "requester_missing", message: `\`${name}\` works only for a person` };
  if (agent.may_become.some((offer) => offer.role === role)) return null;
  return { reason: "no_rule", message: `the policy doesn't let \`${name}\` become \`${role}\`` };
}
