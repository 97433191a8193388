/** A literal takes the type of what it is compared with, and must be canonical for it. */
import { assertNever } from "../assert-never.ts";
import type { Literal as LiteralNode } from "../../dsl/index.ts";
import type { Literal, ParamType } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, replaceWith, type Report } from "../report.ts";
import { canonicalDecimal, refuseText } from "./canonical.ts";
import { describeType, type ValueType, WHOLE_HELP } from "./value-type.ts";

/** The literal as a value of `type`; null, with a message, where it isn't one. */
export function typeLiteral(node: LiteralNode, type: ValueType, report: Report): Literal | null {
  switch (type.kind) {
    case "int":
    case "decimal":
      return node.kind === "Number" ? numberLiteral(node, type.kind, report) : refuseKind(node, type, report);
    case "bool":
      return node.kind === "Boolean" ? { type: "bool", value: node.value } : refuseKind(node, type, report);
    case "timestamp":
      return node.kind === "Date" || node.kind === "Time"
        ? { type: "time", value: readMoment(node) }
        : refuseKind(node, type, report);
    case "duration":
      return node.kind === "Duration" ? { type: "duration", value: node.milliseconds } : refuseKind(node, type, report);
    case "list":
    case "record":
    case "json":
      return refuseKind(node, type, report);
    default:
      return node.kind === "String" ? textLiteral(node, type, report) : refuseKind(node, type, report);
  }
}

/** The type that a literal has by itself, where nothing else says what it is. */
export function naturalType(node: LiteralNode): ParamType {
  switch (node.kind) {
    case "String":
      return { kind: "string", min: null, max: null, like: null };
    case "Number":
      return { kind: "decimal", min: null, max: null };
    case "Boolean":
      return { kind: "bool" };
    case "Duration":
      return { kind: "duration" };
    case "Date":
    case "Time":
      return { kind: "timestamp" };
    default:
      return assertNever(node);
  }
}

/** UTC milliseconds. The parser takes only days and moments that exist; a date is its day's start in UTC. */
export function readMoment(node: LiteralNode & { kind: "Date" | "Time" }): number {
  return Date.parse(node.text);
}

function numberLiteral(
  node: LiteralNode & { kind: "Number" },
  kind: "int" | "decimal",
  report: Report,
): Literal | null {
  const canonical = canonicalDecimal(node.text);
  if (canonical === null) {
    report.error("AP3012", {
      span: node.span,
      message: `\`${node.text}\` is no exact decimal`,
      help: "a decimal has up to 12 digits before the point, 6 after it and no leading zeros",
    });
    return null;
  }
  if (kind === "int" && canonical.includes(".")) {
    report.error("AP3010", {
      span: node.span,
      message: `\`${node.text}\` is not a whole number`,
      label: "compared with an `int`",
      help: "write a whole number, or declare the argument as `decimal`",
    });
    return null;
  }
  return { type: "number", value: canonical };
}

function textLiteral(node: LiteralNode & { kind: "String" }, type: ValueType, report: Report): Literal | null {
  const { value } = node;
  if (type.kind === "enum") {
    if (type.values.includes(value)) return { type: "string", value };
    const near = nearestName(value, type.values);
    report.error("AP3013", {
      span: node.span,
      message: `\`${value}\` is none of the values it is compared with`,
      label: "can never be equal",
      help:
        near === null
          ? `the values are ${type.values
              .slice(0, 6)
              .map((one) => `\`${one}\``)
              .join(", ")}${type.values.length > 6 ? ", …" : ""}`
          : `did you mean \`${near}\`?`,
      fix: near === null ? null : guessAt(node.span, JSON.stringify(near)),
    });
    return null;
  }
  const refusal = refuseText(type, value);
  if (refusal === null) return { type: "string", value: type.kind === "url" ? new URL(value).href : value };
  report.error("AP3014", {
    span: node.span,
    message: `${JSON.stringify(value)} is not ${CANONICAL[type.kind] ?? `a canonical \`${type.kind}\``}`,
    label: "can never be equal",
    help: refusal.help,
    fix: refusal.canonical === null ? null : replaceWith(node.span, JSON.stringify(refusal.canonical)),
  });
  return null;
}

function refuseKind(node: LiteralNode, type: ValueType, report: Report): null {
  const natural = naturalType(node);
  report.error("AP3010", {
    span: node.span,
    message: `${describeType(type)} can't be compared with ${KINDS[natural.kind] ?? "this"}`,
    label: `${KINDS[natural.kind] ?? "this"} here`,
    help: HELP[type.kind] ?? "compare it with a text in quotes",
  });
  return null;
}

const CANONICAL: { readonly [kind: string]: string } = {
  country: "a country code",
  principal: "an address in canonical form",
  email: "a mail address in canonical form",
  uuid: "a `uuid`",
  ip: "a canonical address",
};

const KINDS: { readonly [kind: string]: string } = {
  string: "a text",
  decimal: "a number",
  bool: "`true` or `false`",
  duration: "a duration",
  timestamp: "a date",
};

const HELP: { readonly [kind: string]: string } = {
  int: "compare it with a number, as in `50`",
  decimal: "compare it with a number, as in `50.01`",
  bool: "compare it with `true` or `false`",
  timestamp: "compare it with a date or time, as in `2027-01-31` or `2027-01-31T09:00:00Z`",
  duration: "compare it with a duration, as in `30m`",
  ...WHOLE_HELP,
};
