/** One readable sentence for each outcome: what was decided and what to do about it. */
import type { Remainder, RuleRef } from "../remainder.ts";
import type { WeighedLimit } from "./weigh-limits.ts";
import { formatDecimal } from "../values/decimal.ts";

/** The two most common outcomes say the same of every request: no text has to be built for them. */
export const ALLOWED = "the policy allows this";
export const NOT_GRANTED = "no rule of the agent's roles grants this: ask the agent's owner for one, or do without";

export function allowedAsApproved(action: string, approvals: readonly string[]): string {
  return `\`${action}\` is allowed: ${quoted(approvals)} approved it`;
}

export function needsApproval(action: string, approvals: readonly string[]): string {
  return `\`${action}\` needs ${quoted(approvals)}: wait for the approval, then ask again with it`;
}

export function forbidden(rules: readonly RuleRef[]): string {
  const rule = rules[0];
  if (rule === undefined) return "a rule denies this";
  return rule.doc === null ? `denied by \`${rule.text}\`` : `denied by \`${rule.text}\`: ${firstLine(rule.doc)}`;
}

export function notGrantedUnknown(action: string, facts: readonly string[]): string {
  return `no rule grants \`${action}\` while ${quoted(facts)} ${facts.length === 1 ? "is" : "are"} unknown: send it if you can`;
}

export function notDelegated({ action, agent }: Remainder, caller: string, facts: readonly string[]): string {
  const why = facts.length === 0 ? "" : ` while ${quoted(facts)} ${facts.length === 1 ? "is" : "are"} unknown`;
  return `\`${caller}\` stands above \`${agent}\` and may not have \`${action}\` done below it${why}: its owner adds the action to \`may call\`, or do without`;
}

export function personMissing(action: string): string {
  return `a limit counts \`${action}\` for each person: open the session with a requester's token`;
}

export function overLimit(action: string, { row, usage }: WeighedLimit): string {
  if (usage === null) return `\`${action}\` is over the limit \`${row.text}\`: this edge can't count per ${row.per}`;
  const again =
    usage.admits_at === null ? "not again in this session" : `again from ${new Date(usage.admits_at).toISOString()}`;
  const left = row.n > usage.used ? row.n - usage.used : 0n;
  return `\`${action}\` is over the limit \`${row.text}\`: ${formatDecimal(left)} of ${formatDecimal(row.n)} is left, ${again}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" and ");
}

function firstLine(text: string): string {
  const [line] = text.trim().split("\n");
  return line ?? "";
}
