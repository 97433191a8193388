/** Resource templates such as `crm/contacts/{id}`: whole segments, each text or one hole (`docs/language.md`, "Actions"). */
import type { Span, StringLiteral } from "../../dsl/index.ts";
import type { Param, ParamType, TemplateSegment } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, replaceWith, type Report, spell } from "../report.ts";
import { isSecretPath } from "../type/secret-path.ts";
import { describeType, memberType } from "../type/value-type.ts";

/** The span of part of a string's value; the whole literal where escapes make positions differ. */
function spanWithin(literal: StringLiteral, start: number, length: number): Span {
  const { span } = literal;
  if (span.end - span.start !== literal.value.length + 2) return span;
  return { source: span.source, start: span.start + 1 + start, end: span.start + 1 + start + length };
}

export interface Part {
  readonly text: string;
  readonly span: Span;
}

/** The segments between slashes, with their places. */
export function splitSegments(literal: StringLiteral): readonly Part[] {
  let start = 0;
  return literal.value.split("/").map((text) => {
    const part = { text, span: spanWithin(literal, start, text.length) };
    start += text.length + 1;
    return part;
  });
}

/** What is wrong with a segment of literal text, or null. The engine refuses the same in values that fill holes. */
export function textProblem(text: string): string | null {
  if (text === "") return "remove the `/` that is one too many";
  if (text === "." || text === ".." || text.endsWith(".")) return "a segment can't end in `.`";
  if (/[\\%\p{Cc}\p{Cf}\p{Cs}]/u.test(text)) return "a segment can't hold `\\`, `%` or invisible characters";
  if (text.normalize("NFC") !== text) return "write it in Unicode's composed form (NFC)";
  return null;
}

/** The template; null, with messages, where it isn't one. */
export function resolveTemplate(
  literal: StringLiteral,
  { params, declared }: TemplateNames,
  report: Report,
): readonly TemplateSegment[] | null {
  const parts = splitSegments(literal);
  const segments = parts.map((part, index) =>
    resolveSegment(part, params, { report, declared, last: index === parts.length - 1 }),
  );
  const known = segments.filter((segment) => segment !== null);
  return known.length < segments.length ? null : known;
}

export interface TemplateNames {
  readonly params: readonly Param[];
  /** All names that the action declares, those too whose type has had its message. */
  readonly declared: readonly string[];
}

interface Place {
  readonly report: Report;
  readonly declared: readonly string[];
  readonly last: boolean;
}

function resolveSegment(part: Part, params: readonly Param[], place: Place): TemplateSegment | null {
  const hole = /^\{([^{}]*)\}$/.exec(part.text);
  if (hole) return resolveHole(part, hole[1] ?? "", params, place);
  const dollar = /^\$\{([^{}]*)\}$/.exec(part.text);
  if (dollar) return refuse(place, "AP3060", part, "a hole is written without `$`", `write \`{${dollar[1] ?? ""}}\``);
  const braced = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(part.text)?.[1];
  if (braced !== undefined)
    return refuse(place, "AP3060", part, "a hole has one brace on each side", `write \`{${braced}}\``);
  if (/[{}]/.test(part.text)) {
    return refuse(place, "AP3060", part, "a hole fills a whole segment", "put a `/` before and after it");
  }
  if (/[*?]/.test(part.text)) {
    return refuse(place, "AP3061", part, "a template is no pattern", "name one resource: patterns stand in rules");
  }
  const problem = textProblem(part.text);
  if (problem !== null) {
    const message =
      part.text === "" ? "this resource has an empty segment" : `\`${part.text}\` can't be part of a resource`;
    return refuse(place, "AP3062", part, message, problem);
  }
  return { kind: "text", text: part.text };
}

function resolveHole(part: Part, text: string, params: readonly Param[], place: Place): TemplateSegment | null {
  const path = text.split(".");
  const found = typeOf(path, params);
  if (found === null) {
    const names = params.map((param) => param.name);
    const [root = "", ...members] = path;
    if (place.declared.includes(root) && !names.includes(root)) return null;
    const isArgument = root === "args" && typeOf(members, params) !== null;
    const near = isArgument ? members.join(".") : nearestName(text, names);
    const help = near === null ? holesOf(names) : `did you mean \`{${spell(near)}}\`?`;
    place.report.error("AP2021", {
      span: part.span,
      message: `there is no parameter \`${text}\``,
      label: "unknown name",
      help: isArgument ? `holes name parameters as they are declared: write \`{${near}}\`` : help,
      fix: near === null ? null : (isArgument ? replaceWith : guessAt)(part.span, `{${near}}`),
    });
    return null;
  }
  const problem = isSecretPath(path, params) ? secretProblem(text) : holeProblem(path, found, place.last);
  if (problem !== null) return refuse(place, "AP3063", part, problem.message, problem.help);
  return { kind: "hole", path, type: found };
}

function holesOf(names: readonly string[]): string {
  if (names.length === 0) return "declare it: the action has no parameters yet";
  return `name one of the action's parameters: ${names
    .slice(0, 5)
    .map((name) => `\`{${spell(name)}}\``)
    .join(", ")}`;
}

function typeOf(path: readonly string[], params: readonly Param[]): ParamType | null {
  const [name, ...members] = path;
  let type = params.find((param) => param.name === name)?.type ?? null;
  for (const member of members) {
    if (type === null) return null;
    const field: Param | undefined =
      type.kind === "record" ? type.fields.find((candidate) => candidate.name === member) : undefined;
    type = field?.type ?? memberType(type, member);
  }
  return type;
}

const FILLING: readonly string[] = ["string", "enum", "int", "uuid", "email", "host", "path"];

function secretProblem(text: string): { readonly message: string; readonly help: string } {
  return { message: `\`${text}\` is secret`, help: "resources are recorded and shown: name them by something else" };
}

function holeProblem(
  path: readonly string[],
  type: ParamType,
  last: boolean,
): { readonly message: string; readonly help: string } | null {
  const element = type.kind === "list" ? type.of : type;
  const text = path.join(".");
  // A url's path holds slashes, so as one segment every value but none would be refused.
  if (path.length > 1 && path.at(-1) === "path" && element.kind === "string") {
    return { message: `\`{${text}}\` holds slashes`, help: "use the url's `.host`, or a parameter of type `path`" };
  }
  if (!FILLING.includes(element.kind)) {
    return {
      message: `${describeType(element)} can't fill a segment`,
      help: "a hole takes `string`, `enum`, `int`, `uuid`, `email`, `host` or `path`",
    };
  }
  if (element.kind === "path" && !last) {
    return { message: "a `path` may span segments", help: "put it last" };
  }
  return null;
}

function refuse(place: Place, code: string, part: Part, message: string, help: string): null {
  place.report.error(code, { span: part.span, message, label: null, help });
  return null;
}

/** The template as it is written. */
export function spellTemplate(template: readonly TemplateSegment[]): string {
  return template.map((segment) => (segment.kind === "text" ? segment.text : `{${segment.path.join(".")}}`)).join("/");
}
