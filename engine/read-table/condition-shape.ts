/** The shape of conditions, operands and parameter types in a table. */
import { FACTS } from "../condition.ts";
import { parseNetwork } from "../values/ip.ts";
import { isDecimalText } from "../values/decimal.ts";
import {
  type JsonCheck,
  bool,
  both,
  integer,
  later,
  listOf,
  matching,
  natural,
  objectOf,
  oneOf,
  orNull,
  positive,
  text,
  variantsOf,
} from "./check.ts";

/** Nested deeper than this no condition is written; the recursion below stays shallow. */
const DEEPEST = 64;

const decimal: JsonCheck = (value) =>
  typeof value === "string" && isDecimalText(value) ? null : ": must be a decimal such as `50.01`";

const network: JsonCheck = (value) =>
  typeof value === "string" && parseNetwork(value) !== null ? null : ": must be a network such as `10.0.0.0/8`";

const glob: JsonCheck = (value) =>
  typeof value === "string" && value.split("*").length <= 5 ? null : ": must be a glob with at most four `*`";

const name: JsonCheck = both(text, matching(/^./s, "a name"));
const path = listOf(text, 1);

export const paramType: JsonCheck = later(() => typeShape);
export const param: JsonCheck = later(() => paramShape);

const typeShape = variantsOf("kind", {
  string: { min: orNull(natural), max: orNull(natural), like: orNull(glob) },
  int: { min: orNull(integer), max: orNull(integer) },
  decimal: { min: orNull(decimal), max: orNull(decimal) },
  bool: {},
  email: {},
  host: {},
  ip: {},
  uuid: {},
  timestamp: {},
  duration: {},
  json: {},
  url: { schemes: listOf(matching(/^[a-z][a-z0-9+.-]*$/, "a scheme in lower case"), 1) },
  path: { absolute: bool, lower: bool },
  enum: { values: listOf(text, 1) },
  list: { of: paramType, min: natural, max: natural },
  record: { fields: listOf(param) },
});

const paramShape = objectOf({ name, type: paramType, optional: bool, secret: bool });

const COMPARABLE = oneOf("string", "number", "bool", "time", "duration");

const literal = variantsOf("type", {
  string: { value: text },
  number: { value: decimal },
  bool: { value: bool },
  time: { value: integer },
  duration: { value: natural },
});

export const operand = variantsOf("from", {
  literal: { literal },
  args: { path },
  variable: { name, path: listOf(text) },
  fact: { fact: oneOf(...FACTS) },
});

const nested: JsonCheck = later(() => conditionShape);
const textSides = { left: operand, right: operand };

const conditionShape = variantsOf("op", {
  constant: { value: bool },
  and: { of: listOf(nested) },
  or: { of: listOf(nested) },
  not: { of: nested },
  compare: { by: oneOf("==", "!=", "<", "<=", ">", ">="), type: COMPARABLE, left: operand, right: operand },
  in: { type: COMPARABLE, left: operand, members: listOf(literal) },
  in_set: { type: COMPARABLE, left: operand, set: name },
  in_live_set: { left: operand, set: name },
  in_group: { left: operand, group: name },
  in_network: { left: operand, networks: listOf(network) },
  has: { type: COMPARABLE, list: operand, value: operand },
  like: {
    left: operand,
    right: variantsOf("from", { literal: { literal: variantsOf("type", { string: { value: glob } }) } }),
  },
  contains: textSides,
  starts_with: textSides,
  ends_with: textSides,
  present: { of: operand },
  every: { variable: name, list: operand, body: nested },
  some: { variable: name, list: operand, body: nested },
  during: { schedule: name },
  detect: { detector: oneOf("secrets", "card_numbers", "canaries"), of: orNull(operand) },
  session_has: { label: name },
  session_did: { action: name, same: listOf(text), within: orNull(positive) },
  task_mentions: { of: operand },
});

export const condition: JsonCheck = both((value) => depthProblem(value, 0), conditionShape);

function depthProblem(value: unknown, depth: number): string | null {
  if (depth > DEEPEST) return ": is nested too deeply";
  if (typeof value !== "object" || value === null) return null;
  for (const child of Object.values(value)) {
    const problem = depthProblem(child, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

export { decimal, glob, name, path };
