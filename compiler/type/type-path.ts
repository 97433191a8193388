/** `args.to.size`, `address.domain`, `session.age`: what a path reads, and its type. */
import type { Name, PathExpression, Span } from "../../dsl/index.ts";
import { FACTS, type ParamType } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, isInvented, replaceWith, spell } from "../report.ts";
import { reportUnknown } from "../resolve/context.ts";
import { FACT_ROOTS, factType, isFact } from "./facts.ts";
import type { Bound, Scope } from "./scope.ts";
import { reportStranger } from "./stranger.ts";
import { declaredNames, sharedParam } from "./shared-param.ts";
import { describeType, membersOf, memberType, type ValueType } from "./value-type.ts";

/** What the path reads; null, with a message, where it reads nothing. */
export function typePath(path: PathExpression, scope: Scope): Bound | null {
  const [root, ...rest] = path.segments;
  if (!root || path.segments.some(isInvented)) return null;
  const variable = scope.variables.get(root.value);
  if (variable) return typeMembers(variable, rest, scope);
  if (root.value === "args") return typeArgument(path, scope);
  if (FACT_ROOTS.includes(root.value)) return typeFact(path, scope);
  reportStranger(path, root, scope);
  return null;
}

/** How the path is written, for messages and for matching it with its `is present`. */
export function spellPath(path: PathExpression): string {
  return path.segments.map((segment) => spell(segment.value)).join(".");
}

function typeArgument(path: PathExpression, scope: Scope): Bound | null {
  const [, name, ...members] = path.segments;
  const { report } = scope.context;
  if (!name) {
    report.error("AP3001", {
      span: path.span,
      message: "`args` as a whole can't be compared",
      label: "names no argument",
      help: "name one argument, as in `args.amount`",
    });
    return null;
  }
  if (scope.actions === null) {
    report.error("AP3002", {
      span: path.span,
      message: "a define can't read `args`",
      label: "depends on the action",
      help: `take it as a parameter: \`define …(${spell(name.value)}: TYPE)\`, called with \`args.${spell(name.value)}\``,
    });
    return null;
  }
  const param = declaredParam(name, scope);
  if (param === null) return null;
  const bound: Bound = {
    operand: { from: "args", path: [name.value] },
    type: param.type,
    optional: param.optional,
  };
  return typeMembers(bound, members, scope);
}

export interface DeclaredParam {
  readonly type: ParamType;
  /** How the text names it where it may be left out. */
  readonly optional: string | null;
}

/** The parameter `name` of every action in scope; a message where one lacks it or they disagree about its type. */
export function declaredParam(name: Name, scope: Scope): DeclaredParam | null {
  const actions = scope.actions ?? [];
  const { param, missing, differing } = sharedParam(actions, name.value);
  if (param !== null) {
    return { type: param.type, optional: param.optional ? `args.${spell(name.value)}` : null };
  }
  const { report, faulty } = scope.context;
  if (missing.some((action) => faulty.has(action))) return null;
  if (differing !== null) {
    const [one, other] = differing;
    const typeIn = (owner: typeof one): string => {
      const found = owner.params.find((candidate) => candidate.name === name.value);
      return found ? describeType(found.type) : "unknown";
    };
    report.error("AP3004", {
      span: name.span,
      message: `\`${name.value}\` hasn't one type in all actions of this rule`,
      label: `${typeIn(one)} in \`${one.name}\`, ${typeIn(other)} in \`${other.name}\``,
      help: "write one rule for each type",
    });
    return null;
  }
  if (actions.length > 0 && missing.length < actions.length) {
    report.error("AP3003", {
      span: name.span,
      message: `not every action of this rule declares \`${name.value}\``,
      label: `not declared by ${listNames(missing)}`,
      help: "write a rule of its own for the actions that declare it",
    });
    return null;
  }
  reportUndeclared(name, scope);
  return null;
}

function reportUndeclared(name: Name, scope: Scope): void {
  const actions = scope.actions ?? [];
  if (actions.length === 0) {
    scope.context.report.error("AP3005", {
      span: name.span,
      message: "this rule is about no action yet, so it can't read arguments",
      label: "declared nowhere",
      help: "remove the condition, or declare an action that the rule is about",
    });
    return;
  }
  const [only] = actions;
  const what =
    actions.length === 1 && only ? `argument of \`${only.name}\` called` : "argument of these actions called";
  reportUnknown(scope.context.report, { code: "AP2021", what, name }, declaredNames(actions));
}

/** At most three names, so that a message stays one line. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function typeFact(path: PathExpression, scope: Scope): Bound | null {
  const words = path.segments.map((segment) => segment.value);
  const length = words[0] === "environment" || words[0] === "resource" ? 1 : 2;
  const fact = words.slice(0, length).join(".");
  const { report } = scope.context;
  if (fact === "agent.role" || fact === "session.label" || fact === "requester.group") {
    report.error("AP2022", {
      span: path.span,
      message: `there is no fact \`${spellPath(path)}\``,
      label: "there may be several",
      help: `write \`${fact}s contains "NAME"\``,
    });
    return null;
  }
  if (!isFact(fact)) {
    const near = isFact(`${fact}.id`) ? `${fact}.id` : nearestName(fact, FACTS);
    report.error("AP2022", {
      span: path.span,
      message: `there is no fact \`${spellPath(path)}\``,
      label: "unknown fact",
      help: near === null ? `facts of \`${words[0]}\` are ${factsOf(words[0] ?? "")}` : `did you mean \`${near}\`?`,
      fix: near === null ? null : (near === `${fact}.id` ? replaceWith : guessAt)(path.span, near),
    });
    return null;
  }
  if (fact === "claimed.confidence" && !mayReadWord(scope, path.span, "`claimed.confidence` is the agent's own word")) {
    return null;
  }
  const type = factType(scope.context, fact);
  markNamesRead(fact, scope);
  const [member] = path.segments.slice(length);
  if (!member) return { operand: { from: "fact", fact }, type, optional: null };
  report.error("AP3007", {
    span: member.span,
    message: `\`${fact}\` has no \`.${member.value}\``,
    label: "facts have no members",
    help: "compare it as a whole",
  });
  return null;
}

/** A list of names that is read as a whole may be compared with any of them. */
function markNamesRead(fact: string, { context }: Scope): void {
  const kind = NAMES_READ[fact];
  if (kind === undefined) return;
  for (const name of context.names.by[kind].keys()) context.used.add(`${kind} ${name}`);
}

const NAMES_READ: { readonly [fact: string]: "role" | "group" | "label" | undefined } = {
  "agent.roles": "role",
  "requester.groups": "group",
  "session.labels": "label",
};

function factsOf(root: string): string {
  return FACTS.filter((fact) => fact.startsWith(`${root}.`))
    .map((fact) => `\`${fact}\``)
    .join(", ");
}

/** False, and a message, in `allow` and `notify`: what an agent can turn as it likes must not open anything. */
export function mayReadWord(scope: Scope, span: Span, why: string): boolean {
  if (scope.grantingTier === null) return true;
  scope.context.report.error("AP3006", {
    span,
    message: `${why}, so it can't stand in \`${scope.grantingTier}\``,
    label: "readable in `ask`, `never` and limits only",
    help: "turn the rule round: restrict with `ask … when` or `never … when`",
  });
  return false;
}

function typeMembers(base: Bound, members: readonly Name[], scope: Scope): Bound | null {
  let bound: Bound | null = base;
  for (const member of members) {
    if (bound === null) return null;
    bound = typeMember(bound, member, scope);
  }
  return bound;
}

function typeMember(base: Bound, member: Name, scope: Scope): Bound | null {
  const { type } = base;
  if (type.kind === "record") {
    const field = type.fields.find((candidate) => candidate.name === member.value);
    if (field) {
      const optional = base.optional ?? (field.optional ? spellOperand(base, member.value) : null);
      return { operand: extend(base, member.value), type: field.type, optional };
    }
  }
  const of = memberType(type, member.value);
  if (of !== null) return { operand: extend(base, member.value), type: of, optional: base.optional };
  reportNoMember(type, member, scope);
  return null;
}

function extend(base: Bound, member: string): Bound["operand"] {
  const { operand } = base;
  if (operand.from === "args" || operand.from === "variable") return { ...operand, path: [...operand.path, member] };
  return operand;
}

function spellOperand(base: Bound, member: string): string {
  const { operand } = base;
  if (operand.from === "args") return ["args", ...operand.path, member].map(spell).join(".");
  if (operand.from === "variable") return [operand.name, ...operand.path, member].map(spell).join(".");
  return member;
}

/** Members that are called otherwise elsewhere. */
function memberMeant({ kind }: ValueType, word: string): string | null {
  if (/^(?:length|len|size|count)$/i.test(word)) return kind === "list" ? "size" : kind === "string" ? "length" : null;
  if (/^(?:to_?)?lower(?:_?case)?$/i.test(word)) return kind === "string" ? "lower" : null;
  return null;
}

function reportNoMember(type: ValueType, member: Name, scope: Scope): void {
  const { report } = scope.context;
  const known = membersOf(type);
  const near = memberMeant(type, member.value) ?? nearestName(member.value, known);
  const help =
    type.kind === "list" && member.value !== "size"
      ? "ask about its elements: `every x in …: …` or `some x in …: …`"
      : type.kind === "json"
        ? "`json` can't be read in conditions: declare the argument as a `record`"
        : known.length > 0
          ? `it has ${known.map((name) => `\`.${name}\``).join(", ")}`
          : "compare it as a whole";
  report.error("AP3007", {
    span: member.span,
    message: `${describeType(type)} has no \`.${member.value}\``,
    label: "no such member",
    help: near === null ? help : `did you mean \`.${near}\`?`,
    fix: near === null ? null : guessAt(member.span, near),
  });
}
