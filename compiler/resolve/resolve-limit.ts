/** One limit: what it counts, up to where, in what time and for whom. */
import type { LimitNode, PathExpression } from "../../dsl/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { ResolvedLimit } from "../program.ts";
import { guessAt, isInvented, type Report } from "../report.ts";
import { sortedSet } from "../sorted-set.ts";
import { canonicalDecimal } from "../type/canonical.ts";
import type { Bound, Scope } from "../type/scope.ts";
import { isSecretPath } from "../type/secret-path.ts";
import { spellPath, typePath } from "../type/type-path.ts";
import { comparableAs, describeType, type ValueType } from "../type/value-type.ts";
import { typeGuard } from "../type/type-guard.ts";
import { lookup } from "./context.ts";
import { refuseOpeningLimit } from "./opening.ts";
import { readWindow } from "./read-window.ts";
import type { RulePlace } from "./resolve-rule.ts";
import { resolveScope } from "./resolve-scope.ts";

/** The limit; null, with messages, where anything in it is wrong. */
export function resolveLimit(node: LimitNode, place: RulePlace): ResolvedLimit | null {
  const { resolver } = place;
  const { report } = resolver;
  const per = readPer(node, report);
  const n = readNumber(node, report);
  const windowSound = checkWindow(node, report);
  const via = node.via && lookup(resolver, "approval", node.via);
  const scoped = resolveScope(node, { ...place, empty: "note", grantingTier: null, opening: true });
  if (scoped === null) return null;
  const { scope, actions, conditionScope } = scoped;
  const { sound, when } = typeGuard(node.guard, conditionScope, "limit", resolver);
  const total = node.total && readTotal(node.total, conditionScope);
  const keys = readKeys(node.keys, conditionScope);
  if (per === null || n === null || keys === null || !sound || !windowSound) return null;
  if ((node.total && total === null) || (node.via && via === null)) return null;
  if (refuseOpeningLimit(node, actions, report)) return null;
  const window = node.in?.milliseconds ?? null;
  return { node, trial: node.trial, scope, when, total, n, window, per, keys, via: node.via?.value ?? null, actions };
}

const PER = ["session", "agent", "requester", "fleet"] as const;

/** What other tools call them. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["user", "requester"],
  ["person", "requester"],
  ["human", "requester"],
  ["customer", "requester"],
  ["run", "session"],
  ["conversation", "session"],
  ["bot", "agent"],
  ["all", "fleet"],
  ["everyone", "fleet"],
  ["total", "fleet"],
  ["organization", "fleet"],
]);

function readPer(node: LimitNode, report: Report): ResolvedLimit["per"] | null {
  const per = PER.find((candidate) => candidate === node.per.value);
  if (per || isInvented(node.per)) return per ?? null;
  const near = MEANT.get(node.per.value) ?? nearestName(node.per.value, PER);
  report.error("AP3090", {
    span: node.per.span,
    message: `a limit can't be \`per ${node.per.value}\``,
    label: "unknown",
    help:
      near === null
        ? `write \`per session\`, \`per agent\`, \`per requester\` or \`per fleet\`; for each value of an argument by itself, \`per agent, args.${node.per.value}\``
        : `did you mean \`per ${near}\`?`,
    fix: near === null ? null : guessAt(node.per.span, near),
  });
  return null;
}

function readNumber(node: LimitNode, report: Report): string | null {
  const n = canonicalDecimal(node.to.text);
  const problem =
    n === null
      ? {
          message: `\`${node.to.text}\` is no exact decimal`,
          help: "a limit has up to 12 digits before the point, 6 after it and no leading zeros",
        }
      : n.startsWith("-")
        ? { message: "a limit can't be negative", help: "use `never` for what must not happen at all" }
        : node.total === null && n.includes(".")
          ? { message: "a limit counts whole actions", help: "write a whole number, or sum an argument with `total`" }
          : null;
  if (problem === null) return n;
  report.error("AP3091", { span: node.to.span, ...problem });
  return null;
}

function checkWindow(node: LimitNode, report: Report): boolean {
  if (node.in !== null) return readWindow(node.in, "a limit", report) !== null;
  // Whatever else stands there has had its message.
  const end = UNENDING[node.per.value];
  if (end === undefined) return true;
  report.error("AP3092", {
    span: node.per.span,
    message: `a limit per ${node.per.value} needs a length of time`,
    label: end,
    help: "write it before `per`, as in `in 24h`",
  });
  return false;
}

const UNENDING: { readonly [per: string]: string | undefined } = {
  __proto__: null as unknown as undefined,
  agent: "an agent never ends, a session does",
  requester: "a requester never ends, a session does",
  fleet: "the fleet never ends, a session does",
};

/** What is summed must be there and can't be negative, or the agent could buy budget back. */
function readTotal(path: PathExpression, scope: Scope): readonly string[] | null {
  const bound = typePath(path, scope);
  if (bound === null) return null;
  const problem = totalProblem(path, bound);
  if (problem === null && bound.operand.from === "args") return bound.operand.path;
  scope.context.report.error("AP3094", {
    span: path.span,
    message: problem?.message ?? `\`${spellPath(path)}\` is no argument`,
    label: "can't be summed",
    help: problem?.help ?? "sum an argument, as in `total args.amount`",
  });
  return null;
}

interface Problem {
  readonly message: string;
  readonly help: string;
}

function totalProblem(path: PathExpression, { type, optional }: Bound): Problem | null {
  const text = spellPath(path);
  if (type.kind !== "int" && type.kind !== "decimal") {
    return {
      message: `\`${text}\` is no number but ${describeType(type)}`,
      help: "sum an argument of type `int` or `decimal`",
    };
  }
  if (optional !== null) {
    return { message: `\`${text}\` may be left out`, help: `remove the \`?\` from its declaration` };
  }
  const isLength = path.segments.length > 2;
  if (isLength || !mayBeNegative(type)) return null;
  return { message: `\`${text}\` may be negative`, help: `declare it with a bound, as in \`${type.kind}(min 0)\`` };
}

function mayBeNegative(type: ValueType & { kind: "int" | "decimal" }): boolean {
  if (type.min === null) return true;
  return typeof type.min === "number" ? type.min < 0 : type.min.startsWith("-");
}

function readKeys(paths: readonly PathExpression[], scope: Scope): readonly (readonly string[])[] | null {
  const keys = paths.map((path) => readKey(path, scope));
  const known = keys.filter((key) => key !== null);
  if (known.length < keys.length) return null;
  return sortedSet(known);
}

/** A key that may be absent would let a request out of every count. */
function readKey(path: PathExpression, scope: Scope): readonly string[] | null {
  const bound = typePath(path, scope);
  if (bound === null) return null;
  const text = spellPath(path);
  const problem =
    bound.operand.from !== "args"
      ? { message: `\`${text}\` is no argument`, help: "keys are arguments, as in `per agent, args.currency`" }
      : comparableAs(bound.type) === null
        ? { message: `${describeType(bound.type)} is no single value`, help: "use an argument that holds one value" }
        : bound.optional !== null
          ? { message: `\`${text}\` may be left out`, help: "remove the `?` from its declaration" }
          : isSecret(bound, scope)
            ? { message: `\`${text}\` is secret`, help: "keys are stored: count by something else" }
            : null;
  if (problem === null && bound.operand.from === "args") return bound.operand.path;
  scope.context.report.error("AP3095", {
    span: path.span,
    message: problem?.message ?? "",
    label: "can't be a key",
    help: problem?.help ?? null,
  });
  return null;
}

function isSecret({ operand }: Bound, { actions }: Scope): boolean {
  return operand.from === "args" && (actions ?? []).some(({ params }) => isSecretPath(operand.path, params));
}
