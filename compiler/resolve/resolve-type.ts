/** `string(max 4000)`, `list<email>`, `record { … }`: types of parameters as the table states them. */
import { assertNever } from "../assert-never.ts";
import type { Name, Parameter, TypeNode, TypeSetting } from "../../dsl/index.ts";
import type { Param, ParamType } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, isInvented, type Report } from "../report.ts";
import { canonicalDecimal } from "../type/canonical.ts";
import { countStars, MOST_STARS } from "../type/type-text-test.ts";

const TYPE_NAMES: readonly string[] = [
  "string",
  "int",
  "decimal",
  "bool",
  "email",
  "url",
  "host",
  "ip",
  "path",
  "timestamp",
  "duration",
  "uuid",
  "json",
];

/** Types whose word alone is none. */
const WHOLE: { readonly [name: string]: string | undefined } = {
  list: "list<string>",
  enum: 'enum("one", "other")',
  record: "record { name: string }",
};

const DEFAULT_LIST = { min: 1, max: 1000 };
const SCHEMES: readonly string[] = ["https", "http", "wss", "ws", "ftp"];

/** The type; null, with a message, where it isn't one. */
export function resolveType(node: TypeNode, report: Report): ParamType | null {
  switch (node.kind) {
    case "NamedType":
      return resolveNamed(node.name, node.settings, report);
    case "EnumType":
      return { kind: "enum", values: [...new Set(node.values.map((value) => value.value))] };
    case "ListType":
      return resolveList(node, report);
    case "RecordType": {
      const { sound, params } = resolveParams(node.fields, "field", report);
      return sound ? { kind: "record", fields: params } : null;
    }
    default:
      return assertNever(node);
  }
}

export interface ResolvedParams {
  /** False, with messages, where the type of one isn't known; it is left out. */
  readonly sound: boolean;
  readonly params: readonly Param[];
}

/** Parameters or fields, in the order declared. */
export function resolveParams(nodes: readonly Parameter[], what: string, report: Report): ResolvedParams {
  refuseTwice(nodes, what, report);
  const resolved = nodes.map((node) => resolveParam(node, report));
  const params = resolved.filter((param) => param !== null);
  return { sound: params.length === resolved.length, params };
}

function refuseTwice(nodes: readonly Parameter[], what: string, report: Report): void {
  const byName = new Map<string, Parameter>();
  for (const node of nodes) {
    const first = byName.get(node.name.value);
    if (first && !isInvented(node.name)) {
      report.error("AP2001", {
        span: node.name.span,
        message: `${what} \`${node.name.value}\` is declared twice`,
        label: "declared again here",
        related: [{ span: first.name.span, label: "first declared here" }],
        help: "rename one of them, or remove it",
      });
    }
    byName.set(node.name.value, first ?? node);
  }
}

function resolveParam(node: Parameter, report: Report): Param | null {
  const type = resolveType(node.type, report);
  return type && { name: node.name.value, type, optional: node.optional, secret: node.secret };
}

function resolveNamed(name: Name, settings: readonly TypeSetting[], report: Report): ParamType | null {
  switch (name.value) {
    case "string":
      return resolveString(settings, report);
    case "int": {
      const [min, max] = [readInt("min", settings, report), readInt("max", settings, report)];
      refuseOther(settings, ["min", "max"], name.value, report);
      return soundRange(settings, min, max, report) ? { kind: "int", min, max } : null;
    }
    case "decimal":
      return resolveDecimal(settings, name, report);
    case "url":
      return resolveUrl(settings, report);
    case "path":
      refuseOther(settings, ["absolute", "lower"], name.value, report);
      return { kind: "path", absolute: has("absolute", settings), lower: has("lower", settings) };
    case "bool":
    case "email":
    case "host":
    case "ip":
    case "timestamp":
    case "duration":
    case "uuid":
    case "json":
      refuseOther(settings, [], name.value, report);
      return { kind: name.value };
    default:
      return refuseType(name, report);
  }
}

/** What other languages call the types. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    decimal: ["float", "double", "number", "numeric", "real", "money", "currency", "f64", "bigdecimal"],
    int: ["integer", "long", "short", "uint", "i64", "bigint"],
    string: ["str", "text", "varchar", "char"],
    bool: ["boolean"],
    timestamp: ["date", "datetime", "time", "instant"],
    list: ["array", "slice", "vec"],
    record: ["object", "map", "dict", "struct"],
    json: ["any", "unknown"],
    url: ["uri", "link"],
    host: ["hostname", "domain"],
    path: ["file", "filename", "filepath"],
    uuid: ["guid"],
    ip: ["ipaddress", "ipv4", "ipv6"],
  }).flatMap(([ours, theirs]) => theirs.map((name): [string, string] => [name, ours])),
);

function refuseType(name: Name, report: Report): null {
  if (isInvented(name)) return null;
  const near =
    ELSEWHERE.get(name.value.toLowerCase()) ?? nearestName(name.value, [...TYPE_NAMES, "enum", "list", "record"]);
  report.error("AP3050", {
    span: name.span,
    message: `there is no type \`${name.value}\``,
    label: "unknown type",
    help:
      near === null
        ? `types are ${TYPE_NAMES.join(", ")}, enum, list and record`
        : `did you mean \`${WHOLE[near] ?? near}\`?`,
    fix: near === null || WHOLE[near] !== undefined ? null : guessAt(name.span, near),
  });
  return null;
}

function resolveString(settings: readonly TypeSetting[], report: Report): ParamType | null {
  const [min, max] = [readCount("min", settings, report), readCount("max", settings, report)];
  const like = settings.find((setting) => setting.name.value === "like")?.value;
  refuseOther(settings, ["min", "max", "like"], "string", report);
  if (!soundRange(settings, min, max, report)) return null;
  if (like?.kind !== "String") return { kind: "string", min, max, like: null };
  const stars = countStars(like.value);
  if (stars > MOST_STARS) {
    report.error("AP3025", {
      span: like.span,
      message: `a glob has at most ${MOST_STARS} \`*\``,
      label: `${stars} here`,
      help: "write a simpler glob",
    });
    return null;
  }
  return { kind: "string", min, max, like: like.value };
}

function resolveDecimal(settings: readonly TypeSetting[], name: Name, report: Report): ParamType | null {
  refuseOther(settings, ["min", "max"], name.value, report);
  const [min, max] = [readDecimal("min", settings, report), readDecimal("max", settings, report)];
  const sound = soundRange(settings, min === null ? null : Number(min), max === null ? null : Number(max), report);
  return sound ? { kind: "decimal", min, max } : null;
}

function resolveUrl(settings: readonly TypeSetting[], report: Report): ParamType {
  refuseOther(settings, SCHEMES, "url", report);
  const schemes = settings.map((setting) => setting.name.value).filter((scheme) => SCHEMES.includes(scheme));
  return { kind: "url", schemes: schemes.length === 0 ? ["https"] : [...new Set(schemes)].toSorted() };
}

function resolveList(node: Extract<TypeNode, { kind: "ListType" }>, report: Report): ParamType | null {
  const of = resolveType(node.of, report);
  const min = readCount("min", node.settings, report) ?? DEFAULT_LIST.min;
  const max = readCount("max", node.settings, report) ?? Math.max(DEFAULT_LIST.max, min);
  refuseOther(node.settings, ["min", "max"], "list", report);
  if (of === null || !soundRange(node.settings, min, max, report)) return null;
  return { kind: "list", of, min, max };
}

function has(name: string, settings: readonly TypeSetting[]): boolean {
  return settings.some((setting) => setting.name.value === name);
}

function refuseOther(settings: readonly TypeSetting[], known: readonly string[], type: string, report: Report): void {
  for (const setting of settings) {
    if (known.includes(setting.name.value) || isInvented(setting.name)) continue;
    const near = nearestName(setting.name.value, known);
    report.error("AP3051", {
      span: setting.name.span,
      message: `\`${type}\` has no setting \`${setting.name.value}\``,
      label: "unknown setting",
      help: near
        ? `did you mean \`${near}\`?`
        : known.length > 0
          ? `it takes ${known.map((one) => `\`${one}\``).join(", ")}`
          : "remove it",
      fix: near === null ? null : guessAt(setting.name.span, near),
    });
  }
}

function readDecimal(name: string, settings: readonly TypeSetting[], report: Report): string | null {
  const value = settings.find((setting) => setting.name.value === name)?.value;
  if (value?.kind !== "Number") return null;
  const canonical = canonicalDecimal(value.text);
  if (canonical !== null) return canonical;
  report.error("AP3012", {
    span: value.span,
    message: `\`${value.text}\` is no exact decimal`,
    help: "a decimal has up to 12 digits before the point, 6 after it and no leading zeros",
  });
  return null;
}

function readInt(name: string, settings: readonly TypeSetting[], report: Report): number | null {
  const text = readDecimal(name, settings, report);
  if (text === null || !text.includes(".")) return text === null ? null : Number(text);
  const value = settings.find((setting) => setting.name.value === name)?.value;
  if (value) {
    report.error("AP3052", {
      span: value.span,
      message: `\`${text}\` is not a whole number`,
      help: "write a whole number",
    });
  }
  return null;
}

function readCount(name: string, settings: readonly TypeSetting[], report: Report): number | null {
  const count = readInt(name, settings, report);
  const value = settings.find((setting) => setting.name.value === name)?.value;
  if (count === null || count >= 0 || !value) return count;
  report.error("AP3052", { span: value.span, message: "a length can't be negative", help: "write a whole number" });
  return null;
}

function soundRange(settings: readonly TypeSetting[], min: number | null, max: number | null, report: Report): boolean {
  if (min === null || max === null || min <= max) return true;
  const span = settings.find((setting) => setting.name.value === "min")?.span ?? settings[0]?.span;
  if (!span) return false;
  report.error("AP3053", {
    span,
    message: `no value fits: \`min ${min}\` is more than \`max ${max}\``,
    help: "swap the two bounds",
  });
  return false;
}
