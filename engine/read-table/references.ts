/** Every name in a well-shaped table leads somewhere, once: what a rule counts on is there. */
import type { Action, Agent, Approval, Block, Breaker, Gateway, Limit, Rule, Selector, TableBody } from "../table.ts";
import type { Condition } from "../condition.ts";
import { OPENING } from "../match/opening.ts";

/** Names by what they name. */
type Index = { readonly [kind in Kind]: ReadonlySet<string> };
type Kind =
  | "label"
  | "set"
  | "live set"
  | "schedule"
  | "group"
  | "channel"
  | "approval"
  | "class"
  | "server"
  | "action"
  | "role"
  | "agent";

/** Null, or the first name that leads nowhere or stands twice, as `.body.blocks[0].rules[1].via[0]: …`. */
export function referenceProblem(body: TableBody): string | null {
  const problem = duplicateProblem(body) ?? danglingProblem(body, indexOf(body));
  return problem === null ? null : `.body${problem}`;
}

function indexOf(body: TableBody): Index {
  return {
    label: namesOf(body.labels),
    set: namesOf(body.sets),
    "live set": namesOf(body.live_sets),
    schedule: namesOf(body.schedules),
    group: namesOf(body.groups),
    channel: namesOf(body.channels),
    approval: namesOf(body.approvals),
    class: new Set(body.classes),
    server: namesOf(body.servers),
    action: namesOf(body.actions),
    role: namesOf(body.blocks.filter((block) => block.kind === "role")),
    agent: namesOf(body.agents),
  };
}

function namesOf(items: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(items.map((item) => item.name));
}

const NAMED = [
  "labels",
  "sets",
  "live_sets",
  "schedules",
  "groups",
  "channels",
  "approvals",
  "servers",
  "actions",
  "agents",
  "gateways",
  "canaries",
  "breakers",
] as const;

function duplicateProblem(body: TableBody): string | null {
  for (const list of NAMED) {
    const problem = repeated(body[list].map((item) => item.name));
    if (problem !== null) return `.${list}${problem}`;
  }
  const blocks = repeated(body.blocks.map((block) => `${block.kind} ${block.name}`));
  return blocks === null ? null : `.blocks${blocks}`;
}

function repeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    if (seen.has(name)) return `[${at}].name: \`${name}\` stands twice`;
    seen.add(name);
  }
  return null;
}

function danglingProblem(body: TableBody, index: Index): string | null {
  return (
    settingsProblem(body, index) ??
    each(".live_sets", body.live_sets, ({ editors }) => unknownName(index, "group", editors, ".editors")) ??
    each(".approvals", body.approvals, (approval) => approvalProblem(approval, index)) ??
    each(".actions", body.actions, (action) => actionProblem(action, index)) ??
    each(".blocks", body.blocks, (block) => blockProblem(block, index)) ??
    each(".agents", body.agents, (agent) => agentProblem(agent, index)) ??
    each(".gateways", body.gateways, (gateway) => gatewayProblem(gateway, index)) ??
    each(".breakers", body.breakers, (breaker) => breakerProblem(breaker, index))
  );
}

function approvalProblem({ approvers, tell, escalate, within, decoys }: Approval, index: Index): string | null {
  return first(
    unknownName(index, "group", approvers, ".approvers"),
    unknownName(index, "channel", tell, ".tell"),
    each(".escalate", escalate, ({ groups, after }) =>
      after < within ? unknownName(index, "group", groups, ".groups") : ".after: must come before `within` is over",
    ),
    decoys === 1 ? ".decoys: must leave requests that aren't decoys" : null,
  );
}

function agentProblem(agent: Agent, index: Index): string | null {
  const { owner, roles, starts_with, may_call, may_become } = agent;
  return first(
    owner.includes("@") ? null : unknownName(index, "group", [owner], ".owner"),
    unknownName(index, "role", roles, ".roles"),
    unknownName(index, "label", starts_with, ".starts_with"),
    each(".may_call", may_call, (call) =>
      first(
        call.agent === agent.name
          ? ".agent: no agent calls itself"
          : unknownName(index, "agent", [call.agent], ".agent"),
        each(".select", call.select, (selector) => selectorProblem(selector, index)),
      ),
    ),
    each(".may_become", may_become, ({ role, via }) =>
      first(
        roles.includes(role) ? ".role: the agent has it already" : unknownName(index, "role", [role], ".role"),
        unknownName(index, "approval", [via], ".via"),
      ),
    ),
  );
}

function gatewayProblem({ agents }: Gateway, index: Index): string | null {
  return unknownName(index, "agent", agents, ".agents");
}

/** What a kill may reach, by what the breaker counts. */
const WITHIN: { readonly [per in Breaker["per"]]: readonly Breaker["kill"][number][] } = {
  session: ["session"],
  agent: ["session", "agent"],
  requester: ["session", "requester"],
  fleet: ["session", "agent", "requester", "fleet"],
};

function breakerProblem({ per, kill, tell }: Breaker, index: Index): string | null {
  const wide = kill.find((scope) => !WITHIN[per].includes(scope));
  if (wide !== undefined) return `.kill: \`${wide}\` is wider than \`per ${per}\``;
  return unknownName(index, "channel", tell, ".tell");
}

function settingsProblem({ settings }: TableBody, index: Index): string | null {
  for (const key of ["operators", "auditors", "deployers"] as const) {
    const problem = unknownName(index, "group", settings[key], `.settings.${key}`);
    if (problem !== null) return problem;
  }
  return null;
}

function actionProblem(action: Action, index: Index): string | null {
  return first(
    repeatedParam(action),
    unknownName(
      index,
      "class",
      action.classes.map((item) => item.name),
      ".classes",
    ),
    unknownName(
      index,
      "label",
      action.yields.map((item) => item.label),
      ".yields",
    ),
    unknownName(index, "label", action.clears, ".clears"),
    action.tool?.server ? unknownName(index, "server", [action.tool.server], ".tool.server") : null,
    each(".classes", action.classes, (item) => conditionProblem(item.when, index)),
    each(".resources", action.resources ?? [], (item) => conditionProblem(item.when, index)),
    each(".yields", action.yields, (item) => conditionProblem(item.when, index)),
  );
}

function repeatedParam({ params }: Action): string | null {
  const problem = repeated(params.map((param) => param.name));
  return problem === null ? null : `.params${problem}`;
}

function blockProblem(block: Block, index: Index): string | null {
  const owner = block.kind === "every" ? null : unknownName(index, block.kind, [block.name], "");
  return (
    owner ??
    each(".rules", block.rules, (rule) => ruleProblem(rule, block, index)) ??
    each(".limits", block.limits, (limit) => limitProblem(limit, index))
  );
}

function ruleProblem(rule: Rule, block: Block, index: Index): string | null {
  if (rule.tier === "allow" && block.kind === "every") return ".tier: rules of every agent only restrict";
  if (rule.tier === "ask" && rule.via.length === 0) return ".via: `ask` needs an approval";
  if (rule.tier === "notify" && rule.to.length === 0) return ".to: `notify` needs a channel";
  return first(
    scopeProblem(rule, index, rule.tier === "never"),
    unknownName(index, "channel", rule.to, ".to"),
    unknownName(index, "approval", rule.via, ".via"),
  );
}

function limitProblem(limit: Limit, index: Index): string | null {
  if (limit.window === null && limit.per !== "session") return ".window: only a limit per session has none";
  const countsOpenings = limit.per !== "session" && limit.via === null;
  return first(
    scopeProblem(limit, index, countsOpenings),
    limit.via === null ? null : unknownName(index, "approval", [limit.via], ".via"),
  );
}

/** `opening`: `never` and limits may name the opening of sessions, an action that every policy has and no table lists. */
function scopeProblem({ scope, when }: Pick<Rule, "scope" | "when">, index: Index, opening: boolean): string | null {
  const problemOf = (selector: Selector): string | null =>
    opening && selector.kind === "action" && selector.name === OPENING.name ? null : selectorProblem(selector, index);
  return first(
    each(".scope.select", scope.select, problemOf),
    each(".scope.except", scope.except, (selector) =>
      selector.kind === "action" && selector.name === OPENING.name ? null : selectorProblem(selector, index),
    ),
    conditionProblem(when, index),
  );
}

function selectorProblem(selector: Selector, index: Index): string | null {
  if (selector.kind !== "action" && selector.kind !== "class") return null;
  return unknownName(index, selector.kind, [selector.name], ".name");
}

function conditionProblem(condition: Condition | null, index: Index): string | null {
  if (condition === null) return null;
  const problem = namesInCondition(condition, index, false);
  return problem === null ? null : `.when: ${problem}`;
}

/** `inside` a quantifier there is no other one: the language has no nested ones. */
function namesInCondition(condition: Condition, index: Index, inside: boolean): string | null {
  switch (condition.op) {
    case "and":
    case "or":
      return first(...condition.of.map((part) => namesInCondition(part, index, inside)));
    case "not":
      return namesInCondition(condition.of, index, inside);
    case "every":
    case "some":
      return inside ? "holds a quantifier inside another" : namesInCondition(condition.body, index, true);
    case "in_set":
      return missing(index, "set", condition.set);
    case "in_live_set":
      return missing(index, "live set", condition.set);
    case "in_group":
      return missing(index, "group", condition.group);
    case "during":
      return missing(index, "schedule", condition.schedule);
    case "session_has":
      return missing(index, "label", condition.label);
    case "session_did":
      return missing(index, "action", condition.action);
    default:
      return null;
  }
}

function unknownName(index: Index, kind: Kind, names: readonly string[], where: string): string | null {
  for (const name of names) {
    const problem = missing(index, kind, name);
    if (problem !== null) return `${where}: ${problem}`;
  }
  return null;
}

function missing(index: Index, kind: Kind, name: string): string | null {
  return index[kind].has(name) ? null : `names the ${kind} \`${name}\`, which the table doesn't hold`;
}

function each<T>(where: string, items: readonly T[], problemOf: (item: T) => string | null): string | null {
  for (let at = 0; at < items.length; at++) {
    const problem = problemOf(items[at] as T);
    if (problem !== null) return `${where}[${at}]${problem}`;
  }
  return null;
}

function first(...problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null;
}
