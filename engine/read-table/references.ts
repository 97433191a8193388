/** Every name in a well-shaped table leads somewhere, once: what a rule counts on is there. */
import type { Action, Agent, Block, Limit, Rule, Selector, TableBody } from "../table.ts";
import type { Condition } from "../condition.ts";

/** Names by what they name. */
type Index = { readonly [kind in Kind]: ReadonlySet<string> };
type Kind = "label" | "set" | "schedule" | "group" | "channel" | "approval" | "class" | "action" | "role" | "agent";

/** Null, or the first name that leads nowhere or stands twice, as `.body.blocks[0].rules[1].via[0]: …`. */
export function referenceProblem(body: TableBody): string | null {
  const problem = duplicateProblem(body) ?? danglingProblem(body, indexOf(body));
  return problem === null ? null : `.body${problem}`;
}

function indexOf(body: TableBody): Index {
  return {
    label: namesOf(body.labels),
    set: namesOf(body.sets),
    schedule: namesOf(body.schedules),
    group: namesOf(body.groups),
    channel: namesOf(body.channels),
    approval: namesOf(body.approvals),
    class: new Set(body.classes),
    action: namesOf(body.actions),
    role: namesOf(body.blocks.filter((block) => block.kind === "role")),
    agent: namesOf(body.agents),
  };
}

function namesOf(items: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(items.map((item) => item.name));
}

function duplicateProblem(body: TableBody): string | null {
  const lists = ["labels", "sets", "schedules", "groups", "channels", "approvals", "actions", "agents"] as const;
  for (const list of lists) {
    const problem = repeated(body[list].map((item) => item.name));
    if (problem !== null) return `.${list}${problem}`;
  }
  const blocks = repeated(body.blocks.map((block) => `${block.kind} ${block.name}`));
  return blocks === null ? null : `.blocks${blocks}`;
}

function repeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const [at, name] of names.entries()) {
    if (seen.has(name)) return `[${at}].name: \`${name}\` stands twice`;
    seen.add(name);
  }
  return null;
}

function danglingProblem(body: TableBody, index: Index): string | null {
  return (
    settingsProblem(body, index) ??
    each(".approvals", body.approvals, (approval) =>
      first(
        unknownName(index, "group", approval.approvers, ".approvers"),
        unknownName(index, "channel", approval.tell, ".tell"),
      ),
    ) ??
    each(".actions", body.actions, (action) => actionProblem(action, index)) ??
    each(".blocks", body.blocks, (block) => blockProblem(block, index)) ??
    each(".agents", body.agents, (agent) => agentProblem(agent, index))
  );
}

function agentProblem({ owner, roles, starts_with }: Agent, index: Index): string | null {
  return first(
    owner.includes("@") ? null : unknownName(index, "group", [owner], ".owner"),
    unknownName(index, "role", roles, ".roles"),
    unknownName(index, "label", starts_with, ".starts_with"),
  );
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
    scopeProblem(rule, index),
    unknownName(index, "channel", rule.to, ".to"),
    unknownName(index, "approval", rule.via, ".via"),
  );
}

function limitProblem(limit: Limit, index: Index): string | null {
  if (limit.window === null && limit.per !== "session") return ".window: only a limit per session has none";
  return first(
    scopeProblem(limit, index),
    limit.via === null ? null : unknownName(index, "approval", [limit.via], ".via"),
  );
}

function scopeProblem({ scope, when }: Pick<Rule, "scope" | "when">, index: Index): string | null {
  return first(
    each(".scope.select", scope.select, (selector) => selectorProblem(selector, index)),
    each(".scope.except", scope.except, (selector) => selectorProblem(selector, index)),
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
