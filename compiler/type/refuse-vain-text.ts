/**
 * A text test whose literal can't do what its author means: capitals that the value never holds, nothing at all, or
 * the end of a domain that other domains share.
 */
import type { Expression, StringLiteral } from "../../dsl/index.ts";
import { replaceWith, type Report } from "../report.ts";
import { spellPath } from "./type-path.ts";
import type { ValueType } from "./value-type.ts";

type TextTestNode = Extract<Expression, { kind: "TextTest" }>;

/** AP3110 and AP3111, which are errors; true where one was reported. AP4114, a warning. */
export function refuseVainText(node: TextTestNode, type: ValueType, report: Report): boolean {
  const { right } = node;
  if (right.kind !== "String") return false;
  if (right.value === "") return refuseEmpty(node, right, report);
  if (refuseCapitals(node, right, type, report)) return true;
  warnOpenDomain(node, right, type, report);
  return false;
}

function refuseEmpty(node: TextTestNode, { span }: StringLiteral, report: Report): true {
  const isGlob = node.operator === "like";
  report.error("AP3111", {
    span,
    message: isGlob ? '`like ""` is true of an empty text only' : `\`${node.operator} ""\` is true of every text`,
    label: "nothing to look for",
    help: isGlob
      ? 'write what to look for, as in `like "prod-*"`, or `== ""`'
      : "write what to look for, or leave the test out",
  });
  return true;
}

function refuseCapitals(node: TextTestNode, { span, value }: StringLiteral, type: ValueType, report: Report): boolean {
  const lowered = inSmallLetters(node, value, type);
  if (lowered === value) return false;
  const written = JSON.stringify(lowered);
  report.error("AP3110", {
    span,
    message: `${JSON.stringify(value)} is never found: ${isLowered(node.left) ? "`.lower`" : WHAT[type.kind]} has small letters only`,
    label: "can never be true",
    help: `write \`${written}\``,
    fix: replaceWith(span, written),
  });
  return true;
}

const WHAT: { readonly [kind: string]: string } = {
  host: "a host",
  uuid: "a `uuid`",
  ip: "an address",
  email: "a mail domain",
  principal: "a mail domain",
  url: "a url's host",
};

/** The text as the value could hold it: hosts, mail domains and the like are compared in small letters. */
function inSmallLetters({ left, operator }: TextTestNode, text: string, type: ValueType): string {
  switch (type.kind) {
    case "host":
    case "uuid":
    case "ip":
      return text.toLowerCase();
    case "string":
      return isLowered(left) ? text.toLowerCase() : text;
    case "email":
    case "principal":
      return text.replace(type.kind === "email" ? DOMAIN[operator] : /@[^@]*$/, (domain) => domain.toLowerCase());
    case "url":
      return text.replace(/^[^/?#]*:\/\/[^/?#]*/, (start) => start.toLowerCase());
    default:
      return text;
  }
}

/** What of a text can stand only in the domain of an address: the end, and whatever follows an `@`. */
const DOMAIN = {
  contains: /@[^@]*$/,
  "starts with": /@[^@]*$/,
  "ends with": /[^@]*$/,
  like: /(@[^@]*|[^@*?]*)$/,
} as const;

function isLowered(node: Expression): boolean {
  return node.kind === "Path" && node.segments.length > 1 && node.segments.at(-1)?.value === "lower";
}

/** `ends with "acme.example"` also takes `evilacme.example`, which somebody else can register. */
function warnOpenDomain(
  { left, operator }: TextTestNode,
  { span, value }: StringLiteral,
  type: ValueType,
  report: Report,
): void {
  const domain = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$/.exec(endOf(operator, value) ?? "")?.[0];
  if (domain === undefined || left.kind !== "Path" || (type.kind !== "host" && type.kind !== "email")) return;
  const read = type.kind === "email" ? `${spellPath(left)}.domain` : spellPath(left);
  report.warning("AP4114", {
    span,
    message: `this also takes \`${type.kind === "email" ? "x@" : ""}evil${domain}\``,
    label: "no dot before it",
    help: `write \`${read} == "${domain}" or ${read} ends with ".${domain}"\``,
  });
}

/** What the value has to end with, where the test says no more. */
function endOf(operator: TextTestNode["operator"], text: string): string | null {
  if (operator === "ends with") return text;
  return operator === "like" && text.startsWith("*") ? text.slice(1) : null;
}
