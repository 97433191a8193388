/** What to do about a step that came out otherwise: mend the policy, the test's facts, or what is expected. */
import type { Decision, Table } from "../../engine/index.ts";
import type { ResolvedTest } from "../program.ts";
import type { Surprise } from "./play-test.ts";
import { stepName } from "./step-text.ts";
import { namedAgent } from "./test-world.ts";
import { verdictText } from "./verdict.ts";

export function adviceOn(table: Table, test: ResolvedTest, surprise: Surprise): string {
  const { decision } = surprise;
  if (decision.decision === "allow") return onAllowed(surprise);
  const advice = decision.decision === "ask" ? onAsked(surprise) : onDenied(table, test, surprise);
  return onDoubt(table, test, decision) + advice;
}

/** What is unknown restricts, which nobody sees in the rule that did: so this is said first, where that rule reads it. */
function onDoubt(table: Table, test: ResolvedTest, { decision, reason, unknown, rules }: Decision): string {
  const fact = unknown.find((one) => rules.some(({ text }) => text.includes(one.replace(/^live set /, ""))));
  if (fact === undefined || (decision === "deny" && reason !== "rule")) return "";
  const stated = statedBy(table, test, fact);
  if (stated === null) return `a test can't state \`${fact}\`, and what is unknown restricts: `;
  return `\`${fact}\` is unknown, and so restricts: ${stated}; or `;
}

function onAllowed({ step, decision, expectation }: Surprise): string {
  const outcome = expectation?.outcome ?? "allow";
  const answer = step.kind === "call" ? step.answer : null;
  if (answer === "denied" || answer === "expired")
    return `nothing asks here: remove \`${answer}\`, or add an \`ask\` rule for \`${stepName(step)}\``;
  if (outcome === "allow") return "expect `notify`, since channels are told";
  if (outcome === "notify") return "no `notify` rule takes part: add one, or expect `allow`";
  if (outcome === "limit_exceeded") return "no limit is used up: lower one, call more often, or expect `allow`";
  if (step.kind === "delegate") return `take \`may call ${step.agent}\` away, or expect \`allow\``;
  const tier = outcome === "ask" ? "ask" : "never";
  return `nothing stricter takes part: add \`${tier}\`, narrow what grants it, or expect \`${verdictText(decision)}\``;
}

function onAsked({ step, decision, expectation }: Surprise): string {
  const asks = verdictText(decision);
  if (expectation?.outcome !== "allow" && expectation?.outcome !== "notify")
    return `expect \`${asks}\`, or change what asks`;
  const name = stepName(step);
  return `write \`approved ${name}…\` where people say yes, expect \`${asks}\`, or narrow what asks`;
}

function onDenied(table: Table, test: ResolvedTest, surprise: Surprise): string {
  const { decision, step, chain } = surprise;
  const name = stepName(step);
  const agent = chain.at(-1) ?? test.agent;
  const person = `write \`agent ${test.agent} for "name@example.com"\``;
  switch (decision.reason) {
    case "rule":
      return "expect `never`, or narrow the rule with `except`, `on` or `when`";
    case "no_rule":
      return `${onUngranted(surprise, agent)}, or expect \`no_rule\``;
    case "unknown_fact":
      return onUnknown(table, test, decision);
    case "limit_exceeded":
      return `${onLimit(decision)}, raise the limit, or expect \`limit_exceeded\``;
    case "requester_missing":
      return `${person}, or expect \`requester_missing\``;
    case "session_expired":
      return "write `session.open() => allow` before it: what follows is then played in a new session";
    case "review_overdue":
      return "let the test stand at an earlier `at`, or move `review by`";
    case "not_delegated":
      return step.kind === "delegate"
        ? `write \`may call ${step.agent} for …\` in \`agent ${agent}\`, or expect \`not_delegated\``
        : `list \`${name}\` in \`may call … for\` of every agent above, or expect \`not_delegated\``;
    case "frozen":
    case "killed":
      return `expect \`${decision.reason}\` from here on, or let the breaker bear more`;
    case "approval_denied":
      return "a refusal holds for these arguments in this session: use others, or expect `approval_denied`";
    default:
      return `expect \`${decision.reason}\`, or change what leads to it`;
  }
}

function onUngranted({ step, lacking }: Surprise, agent: string): string {
  if (step.kind === "become") return `offer it: \`may become ${step.role} via … for …\` in \`agent ${agent}\``;
  if (lacking !== null) return `write \`approved become ${lacking.role} => allow\` before it`;
  return `grant \`${stepName(step)}\` in a role of \`${agent}\``;
}

/** What admits again: time, or where the count is one session's, another session. */
function onLimit({ limits }: Decision): string {
  const over = limits.filter((limit) => limit.over);
  const large = over.find((limit) => limit.too_large !== null);
  if (large !== undefined)
    return `no waiting helps, since ${large.too_large} is more than the limit ever admits: call with less`;
  const isOfSession = over.length > 0 && over.every(({ per, resets_at }) => per === "session" && resets_at === null);
  return isOfSession ? "begin another session with `session.open() => allow`" : "let time pass with `after`";
}

function onUnknown(table: Table, test: ResolvedTest, { unknown }: Decision): string {
  const [fact = ""] = unknown;
  const stated = statedBy(table, test, fact);
  if (stated === null) return "a test can't state this fact: expect `unknown_fact`";
  return fact.startsWith("args.") ? `${stated}, or expect \`unknown_fact\`` : stated;
}

/** How a test states each kind of fact; null where it can't. */
function statedBy(table: Table, test: ResolvedTest, fact: string): string | null {
  if (fact.startsWith("requester")) return `write \`agent ${test.agent} for "name@example.com"\``;
  if (fact === "task") return onTask(table, test);
  if (fact.startsWith("live set ")) return `write \`given set ${fact.slice("live set ".length)} has "…"\` before it`;
  if (fact.startsWith("args.")) return `give \`${fact.slice("args.".length)}\` in the call`;
  return null;
}

/** A task counts where somebody vouches for it. */
function onTask(table: Table, { agent, task }: ResolvedTest): string {
  if (namedAgent(table, agent).task_from_client)
    return `write \`agent ${agent} task "…"\`, with what the user asked for`;
  const vouched = `write \`agent ${agent} for "name@example.com" task "…"\``;
  return task === null
    ? `${vouched}, with what the user asked for`
    : `nobody vouches for the task: ${vouched}, or \`task from client\` in \`agent ${agent}\``;
}
