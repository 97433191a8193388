/**
 * One check for each parameter type (`docs/language.md`, "Types"). A check is prepared once and then finds what is wrong
 * with a value; a right value costs no allocation. Details never repeat the value, but may state its canonical form.
 */
import type { ParamType } from "../param-type.ts";
import { InexactNumber, type JsonValue } from "../request.ts";
import { isList } from "../values/canonical-json.ts";
import { compactNumber, compareNumbers, isDecimalNumber, isDecimalText, MOST_INTEGER } from "../values/decimal.ts";
import { parseDuration } from "../values/duration.ts";
import { emailProblem } from "../values/email.ts";
import { globTest } from "../values/glob.ts";
import { hostProblem } from "../values/host.ts";
import { ipProblem } from "../values/ip.ts";
import { oneOfTest } from "../values/one-of.ts";
import { pathProblem } from "../values/segment.ts";
import { DEFAULT_BYTES, codePoints, heavierThan, longerThan } from "../values/text-length.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { urlProblem } from "../values/url.ts";
import { isDeeplyWellFormed } from "./check-json.ts";
import { checkRecord } from "./check-record.ts";
import { type Fault, MOST_FAULTS, type Problem, below, problemOf } from "./fault.ts";

/** Null where the value, which is there, is right. */
export type Check = (value: JsonValue) => Problem | null;

export function checkOf(type: ParamType): Check {
  switch (type.kind) {
    case "list":
      return checkList(type);
    case "record":
      return checkRecord(type.fields);
    case "string":
      return checkString(type);
    case "int":
      return checkInt(type);
    case "decimal":
      return checkDecimal(type);
    case "bool":
      return (value) => (typeof value === "boolean" ? null : "must be `true` or `false`");
    case "enum":
      return checkEnum(type);
    case "url":
      return checkText((text) => urlProblem(text, type.schemes));
    case "path":
      return checkText((text) => pathProblem(text, type.absolute, type.lower));
    case "json":
      return (value) => (isDeeplyWellFormed(value) ? null : ILL_FORMED);
    default:
      return checkText(TEXT_PROBLEMS[type.kind]);
  }
}

const ILL_FORMED = "must be well-formed text: it holds half a surrogate pair";

const TEXT_PROBLEMS = {
  email: emailProblem,
  host: hostProblem,
  ip: ipProblem,
  uuid: uuidProblem,
  timestamp: (text: string) =>
    parseTimestamp(text) === null ? "must be an RFC 3339 time such as `2027-01-31T09:00:00Z`" : null,
  duration: (text: string) => (parseDuration(text) === null ? "must be a duration such as `30m`" : null),
} as const;

function checkText(problem: (text: string) => string | null): Check {
  return (value) => {
    if (typeof value !== "string") return "must be a string";
    if (!value.isWellFormed()) return ILL_FORMED;
    return heavierThan(value, DEFAULT_BYTES) ? "must take at most 32 KiB" : problem(value);
  };
}

function uuidProblem(text: string): string | null {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)) return null;
  return "must be a UUID in lower case such as `0192f0c1-7e5a-7000-8000-000000000000`";
}

/** `min` and `max` count characters (code points); without `max` a text takes at most 32 KiB in UTF-8. */
function checkString({ min, max, like }: Extract<ParamType, { kind: "string" }>): Check {
  const matches = like === null ? null : globTest(like);
  return (value) => {
    if (typeof value !== "string") return "must be a string";
    if (!value.isWellFormed()) return ILL_FORMED;
    if (max === null ? heavierThan(value, DEFAULT_BYTES) : longerThan(value, max)) {
      return max === null ? "must take at most 32 KiB" : `must have at most ${max} characters`;
    }
    if (min !== null && codePoints(value) < min) return `must have at least ${min} characters`;
    return matches === null || matches(value) ? null : `must be like \`${like}\``;
  };
}

/** Only JSON numbers: a text of digits could be read in more than one way. */
function checkInt({ min, max }: Extract<ParamType, { kind: "int" }>): Check {
  return (value) => {
    if (typeof value !== "number" || !isWholeNumber(value)) {
      return "must be an integer, written as a JSON number of at most 15 digits";
    }
    if (min !== null && value < min) return `must be at least ${min}`;
    return max !== null && value > max ? `must be at most ${max}` : null;
  };
}

function isWholeNumber(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= MOST_INTEGER && !Object.is(value, -0);
}

function checkDecimal(type: Extract<ParamType, { kind: "decimal" }>): Check {
  const min = type.min === null ? null : compactNumber(type.min);
  const max = type.max === null ? null : compactNumber(type.max);
  return (value) => {
    if (typeof value === "number" ? !isDecimalNumber(value) : typeof value !== "string" || !isDecimalText(value)) {
      return inexactDetail(value);
    }
    if (min !== null && compareNumbers(value as number | string, min) < 0) return `must be at least ${min}`;
    return max !== null && compareNumbers(value as number | string, max) > 0 ? `must be at most ${max}` : null;
  };
}

function inexactDetail(value: JsonValue): string {
  return typeof value === "number" || value instanceof InexactNumber
    ? 'must be an exact decimal: send it as a string such as `"50.00"`, with at most 12 integer and 6 fraction digits'
    : "must be a decimal such as `50.00`, with at most 12 integer and 6 fraction digits";
}

function checkEnum({ values }: Extract<ParamType, { kind: "enum" }>): Check {
  const isOne = oneOfTest(values);
  const detail = `must be one of ${values.map((value) => `\`${value}\``).join(", ")}`;
  return (value) => (isOne(value) ? null : detail);
}

function checkList({ of, min, max }: Extract<ParamType, { kind: "list" }>): Check {
  const check = checkOf(of);
  return (value) => {
    if (!isList(value)) return "must be a list";
    if (value.length < min) return `must hold at least ${min} ${min === 1 ? "element" : "elements"}`;
    if (value.length > max) return `must hold at most ${max} elements`;
    const faults: Fault[] = [];
    for (let at = 0; at < value.length && faults.length < MOST_FAULTS; at++) {
      const problem = check(value[at] as JsonValue);
      if (problem !== null) faults.push(...below(at, problem));
    }
    return problemOf(faults);
  };
}
