/** Patterns over resources: `*` within one segment, `**` any number of segments, holes for the request's own values. */
import type { StringLiteral } from "../../dsl/index.ts";
import type { Operand, Pattern, PatternSegment } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt } from "../report.ts";
import { sortedSet } from "../sorted-set.ts";
import { declaredParam } from "../type/type-path.ts";
import type { Scope } from "../type/scope.ts";
import { countStars, MOST_STARS } from "../type/type-text-test.ts";
import { describeType, memberType, type ValueType } from "../type/value-type.ts";
import { type Part, splitSegments, textProblem } from "./template.ts";

/** Sorted, each once; null, with messages, where one isn't a pattern. */
export function resolvePatterns(literals: readonly StringLiteral[], scope: Scope): readonly Pattern[] | null {
  const patterns = literals.map((literal) => resolvePattern(literal, scope));
  const known = patterns.filter((pattern) => pattern !== null);
  if (known.length < patterns.length) return null;
  return sortedSet(known);
}

function resolvePattern(literal: StringLiteral, scope: Scope): Pattern | null {
  const segments = splitSegments(literal).map((part) => resolveSegment(part, scope));
  const known = segments.filter((segment) => segment !== null);
  if (known.length < segments.length) return null;
  if (known.filter(({ kind }) => kind === "rest").length <= MOST_RESTS) return known;
  const whole = { text: literal.value, span: literal.span };
  return refuse(whole, scope, `a pattern has at most ${MOST_RESTS} \`**\``, "write several patterns");
}

/** Each more multiplies the ways in which a resource may match. */
const MOST_RESTS = 4;

function resolveSegment(part: Part, scope: Scope): PatternSegment | null {
  const { text } = part;
  if (text === "**") return { kind: "rest" };
  const hole = /^\{([^{}]*)\}$/.exec(text);
  if (hole) return resolveHole(part, hole[1] ?? "", scope);
  if (/[{}]/.test(text)) return refuse(part, scope, "a hole fills a whole segment", "put a `/` before and after it");
  if (text.includes("**")) {
    return refuse(part, scope, "`**` stands for whole segments", "put a `/` before and after it, or write `*`");
  }
  const stars = countStars(text);
  if (stars > MOST_STARS) {
    return refuse(part, scope, `a glob has at most ${MOST_STARS} \`*\``, "write several patterns");
  }
  const problem = textProblem(text.replaceAll(/[*?]/g, "x"));
  if (problem !== null) {
    return refuse(
      part,
      scope,
      text === "" ? "this pattern has an empty segment" : `\`${text}\` can't match any resource`,
      problem,
    );
  }
  return /[*?]/.test(text) ? { kind: "glob", glob: text } : { kind: "text", text };
}

const FACT_HOLES = ["agent.id", "requester.id", "session.id"] as const;

function resolveHole(part: Part, text: string, scope: Scope): PatternSegment | null {
  const fact = FACT_HOLES.find((name) => name === text);
  if (fact) return { kind: "hole", operand: { from: "fact", fact } };
  const [root, ...path] = text.split(".");
  if (root === "args" && path.length > 0) return resolveArgument(part, path, scope);
  const near = nearestName(text, FACT_HOLES);
  scope.context.report.error("AP2025", {
    span: part.span,
    message: `a pattern has no hole \`{${text}}\``,
    label: "unknown name",
    help:
      near === null
        ? "holes are `{agent.id}`, `{requester.id}`, `{session.id}` and `{args.…}`"
        : `did you mean \`{${near}}\`?`,
    fix: near === null ? null : guessAt(part.span, `{${near}}`),
  });
  return null;
}

const FILLING: readonly string[] = ["string", "enum", "int", "uuid", "email", "host"];

function resolveArgument(part: Part, path: readonly string[], scope: Scope): PatternSegment | null {
  const [value = "", ...members] = path;
  const param = declaredParam({ kind: "Name", value, segments: [value], span: part.span }, scope);
  if (param === null) return null;
  let type: ValueType | null = param.type;
  for (const member of members) {
    const fields: { readonly name: string; readonly type: ValueType }[] =
      type?.kind === "record" ? [...type.fields] : [];
    type = fields.find((field) => field.name === member)?.type ?? (type && memberType(type, member));
  }
  if (type === null)
    return refuse(part, scope, `there is no \`args.${path.join(".")}\``, "name a parameter or a member of one");
  if (!FILLING.includes(type.kind)) {
    return refuse(part, scope, `${describeType(type)} can't fill a segment`, "use a parameter of a text type");
  }
  const operand: Operand = { from: "args", path };
  return { kind: "hole", operand };
}

function refuse(part: Part, scope: Scope, message: string, help: string): null {
  scope.context.report.error("AP3064", { span: part.span, message, label: null, help });
  return null;
}
