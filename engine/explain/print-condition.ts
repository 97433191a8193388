/** Conditions of the table as a reader of policies would write them: for explanations, never parsed again. */
import type { Condition, Literal, Operand } from "../condition.ts";

export function printCondition(condition: Condition): string {
  switch (condition.op) {
    case "constant":
      return String(condition.value);
    case "and":
    case "or":
      return condition.of.map(printPart).join(` ${condition.op} `);
    case "not":
      return `not ${printPart(condition.of)}`;
    case "compare":
      return `${printOperand(condition.left)} ${condition.by} ${printOperand(condition.right)}`;
    case "in":
      return `${printOperand(condition.left)} in [${condition.members.map(printLiteral).join(", ")}]`;
    case "in_set":
      return `${printOperand(condition.left)} in ${condition.set}`;
    case "in_group":
      return `${printOperand(condition.left)} in ${condition.group}`;
    case "in_live_set":
      return `${printOperand(condition.left)} in ${condition.set}`;
    case "in_network":
      return `${printOperand(condition.left)} in ${printNetworks(condition.networks)}`;
    case "has":
      return `${printOperand(condition.list)} contains ${printOperand(condition.value)}`;
    case "every":
    case "some":
      return `${condition.op} ${condition.variable} in ${printOperand(condition.list)}: ${printPart(condition.body)}`;
    case "present":
      return `${printOperand(condition.of)} is present`;
    case "session_did":
      return printDid(condition);
    default:
      return printRest(condition);
  }
}

type Rest = Extract<
  Condition,
  { op: "like" | "contains" | "starts_with" | "ends_with" | "during" | "detect" | "session_has" | "task_mentions" }
>;

function printRest(condition: Rest): string {
  switch (condition.op) {
    case "during":
      return `during ${condition.schedule}`;
    case "detect":
      return condition.of === null
        ? `args contain ${condition.detector}`
        : `${printOperand(condition.of)} contains ${condition.detector}`;
    case "session_has":
      return `session has ${condition.label}`;
    case "task_mentions":
      return `task mentions ${printOperand(condition.of)}`;
    default:
      return `${printOperand(condition.left)} ${condition.op.replace("_", " ")} ${printOperand(condition.right)}`;
  }
}

function printDid({ action, same, within }: Extract<Condition, { op: "session_did" }>): string {
  const equal = same.length === 0 ? "" : ` same (${same.join(", ")})`;
  return `session did ${action}${equal}${within === null ? "" : ` within ${printDuration(within)}`}`;
}

function printNetworks(networks: readonly string[]): string {
  const quoted = networks.map((network) => JSON.stringify(network));
  return quoted.length === 1 ? (quoted[0] ?? "") : `[${quoted.join(", ")}]`;
}

/** Parentheses wherever a reader could wonder. */
function printPart(condition: Condition): string {
  const text = printCondition(condition);
  return condition.op === "and" || condition.op === "or" ? `(${text})` : text;
}

export function printOperand(operand: Operand): string {
  switch (operand.from) {
    case "literal":
      return printLiteral(operand.literal);
    case "args":
      return `args.${operand.path.join(".")}`;
    case "variable":
      return [operand.name, ...operand.path].join(".");
    case "fact":
      return operand.fact;
  }
}

function printLiteral(literal: Literal): string {
  switch (literal.type) {
    case "string":
      return JSON.stringify(literal.value);
    case "number":
      return literal.value;
    case "bool":
      return String(literal.value);
    case "time":
      return new Date(literal.value).toISOString();
    case "duration":
      return printDuration(literal.value);
  }
}

/** In the greatest unit that leaves no fraction: `90d`, `30m`, `1500ms` for what the language can't write. */
function printDuration(milliseconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ];
  const unit = units.find(([, size]) => milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}
