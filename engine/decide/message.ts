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
  return `no rule grants \`${action}\` while ${quoted(facts)} ${facts.length === 1 ? "is" : "are"} unknown: ${remedies(facts).join("; ")}`;
}

/** Who can make the facts known, which is seldom who asks: it sends arguments, and nothing else of what is decided on. */
function remedies(facts: readonly string[]): readonly string[] {
  const said = new Set<string>();
  for (const fact of facts) said.add(remedy(fact, facts.length));
  return [...said];
}

function remedy(fact: string, count: number): string {
  if (fact.startsWith("args.")) return count === 1 ? "send it if you can" : "send what stands in `args` if you can";
  if (fact.startsWith("requester.")) return "open the session with a requester's token";
  if (fact === "task") return "open the session with the task that was given";
  if (fact.startsWith("live set "))
    return "the edge can't read the live set, so try again later, and tell the agent's owner if it stays so";
  return "the edge states it and an agent can't, so tell the agent's owner";
}

export function notDelegated({ action, agent }: Remainder, caller: string, facts: readonly string[]): string {
  const why = facts.length === 0 ? "" : ` while ${quoted(facts)} ${facts.length === 1 ? "is" : "are"} unknown`;
  return `\`${caller}\` stands above \`${agent}\` and may not have \`${action}\` done below it${why}: ask its owner to add the action to \`may call\`, or do without`;
}

export function personMissing(action: string): string {
  return `a limit counts \`${action}\` for each person: open the session with a requester's token`;
}

export function overLimit(action: string, { row, usage }: WeighedLimit): string {
  if (usage === null) return `\`${action}\` is over the limit \`${row.text}\`: this edge can't count per ${row.per}`;
  if (row.amount > row.n)
    return `\`${action}\` is over the limit \`${row.text}\`: ${formatDecimal(row.amount)} is more than the limit ever admits, so ask for less`;
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
