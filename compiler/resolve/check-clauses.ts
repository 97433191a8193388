/** Which clauses a tier needs, and which it can't have. */
import type { Name, RuleNode, Span } from "../../dsl/index.ts";
import type { Context } from "./context.ts";
import type { RulePlace } from "./resolve-rule.ts";

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly label: string;
  readonly help: string;
  readonly span: Span;
}

/** False, with messages, where a clause is missing or doesn't belong to the tier. */
export function checkClauses(node: RuleNode, { resolver, everyAgent }: RulePlace): boolean {
  const problems = [
    everyAgent && node.tier === "allow" ? { ...ALLOW_EVERYWHERE, span: node.tierSpan } : null,
    channelsProblem(node, resolver),
    approvalsProblem(node, resolver),
    untilProblem(node),
  ].filter((problem) => problem !== null);
  for (const { code, ...finding } of problems) resolver.report.error(code, finding);
  return problems.length === 0;
}

/** `to` where nobody is told; on an `ask` that lacks its `via` the word was mixed up, and `via` isn't asked for as well. */
function channelsProblem(node: RuleNode, context: Context): Problem | null {
  const [first] = node.to;
  if (node.tier === "notify") {
    return first || node.via.length > 0
      ? null
      : { ...NOTIFY_WHOM, help: addOne("to", "channel", context), span: node.tierSpan };
  }
  if (!first) return null;
  const mixedUp = node.tier === "ask" && node.via.length === 0;
  const help = mixedUp
    ? writeInstead("via", "approval", node.to, context)
    : "remove it, or begin the rule with `notify`";
  return { ...TO_WHERE, help, span: first.span };
}

function approvalsProblem(node: RuleNode, context: Context): Problem | null {
  const [first] = node.via;
  if (node.tier === "ask") {
    return first || node.to.length > 0
      ? null
      : { ...ASK_WHOM, help: addOne("via", "approval", context), span: node.tierSpan };
  }
  if (!first) return null;
  const mixedUp = node.tier === "notify" && node.to.length === 0;
  const help = mixedUp ? writeInstead("to", "channel", node.via, context) : "remove it, or begin the rule with `ask`";
  return { ...VIA_WHERE, help, span: first.span };
}

/** What to add: one of those that are declared, or how one is. */
function addOne(word: "to" | "via", kind: "channel" | "approval", { names }: Context): string {
  const known = [...names.by[kind].keys()].slice(0, 3).map((name) => `\`${word} ${name}\``);
  if (known.length > 0) return `add ${known.join(" or ")}`;
  return kind === "channel"
    ? 'add `to CHANNEL`, and declare one: `channel ops = slack secret "SLACK_WEBHOOK"`'
    : "add `via APPROVAL`, and declare one: `approval review { approvers GROUP }`";
}

/** The clause with the names that stand there, where they are of its kind. */
function writeInstead(
  word: "to" | "via",
  kind: "channel" | "approval",
  names: readonly Name[],
  context: Context,
): string {
  const known = names.every((name) => context.names.by[kind].has(name.value));
  const listed = names.map((name) => name.value).join(word === "to" ? ", " : " and ");
  if (known) return `write \`${word} ${listed}\``;
  return kind === "channel"
    ? "write `to CHANNEL`, or begin the rule with `ask`"
    : "write `via APPROVAL`, or begin the rule with `notify`";
}

function untilProblem({ until, tier }: RuleNode): Problem | null {
  return until === null || tier === "allow" || tier === "notify" ? null : { ...UNTIL_WHERE, span: until.span };
}

const ALLOW_EVERYWHERE = {
  code: "AP3083",
  message: "`every agent` only restricts",
  label: "would grant to every agent",
  help: "move the rule to a role",
};
const NOTIFY_WHOM = {
  code: "AP3084",
  message: "`notify` needs a channel",
  label: "tells nobody",
};
const ASK_WHOM = {
  code: "AP3085",
  message: "`ask` needs an approval",
  label: "asks nobody",
};
const TO_WHERE = { code: "AP3086", message: "`to` belongs to `notify`", label: "tells nobody here" };
const VIA_WHERE = { code: "AP3087", message: "`via` belongs to `ask`", label: "asks nobody here" };
const UNTIL_WHERE = {
  code: "AP3088",
  message: "`until` ends an `allow` or `notify` only",
  label: "a restriction that ends loosens by itself",
  help: "remove it, and remove the rule when its time has come",
};
