/**
 * Labels that open something: a grant wants them, or what asks, forbids or counts ends with them. A session takes such a
 * label from an action that yields it, never from its agent's own word. Found once when a deployment is read. Pure.
 */
import type { Action, Block, Condition, Operand, TableBody } from "../engine/index.ts";

/**
 * Plain ones alone: of a taint and of something sensitive a session may always tell, which has to narrow what follows
 * (the compiler warns where a taint opens).
 */
export function openingLabels({ blocks, actions, labels }: TableBody): ReadonlySet<string> {
  const plain = labels.filter(({ kind }) => kind === "plain").map(({ name }) => name);
  const found = new Finding();
  for (const block of blocks) collectBlock(block, found);
  for (const action of actions) collectYields(action, found);
  return new Set(found.every ? plain : plain.filter((name) => found.names.has(name)));
}

class Finding {
  readonly names = new Set<string>();
  /** Whichever labels there are. */
  every = false;
}

function collectBlock({ rules, limits }: Block, found: Finding): void {
  for (const { tier, when, trial } of rules) if (!trial) collect(when, tier === "allow" || tier === "notify", found);
  for (const { when, trial } of limits) if (!trial) collect(when, false, found);
}

/** A label that isn't taken where another is there already. */
function collectYields({ yields }: Action, found: Finding): void {
  for (const { when } of yields) collect(when, false, found);
}

/** @param opens whether something opens where the condition comes to hold; else where it ceases to */
function collect(condition: Condition | null, opens: boolean, found: Finding): void {
  if (condition === null) return;
  switch (condition.op) {
    case "and":
    case "or":
      for (const part of condition.of) collect(part, opens, found);
      return;
    case "not":
      collect(condition.of, !opens, found);
      return;
    case "session_has":
      if (opens) found.names.add(condition.label);
      return;
    case "has":
      if (isLabels(condition.list)) collectHas(condition.value, opens, found);
      return;
    case "every":
    case "some":
      if (isLabels(condition.list)) found.every = true;
      collect(condition.body, opens, found);
      return;
    default:
      if (Object.values(condition).some(isLabels)) found.every = true;
  }
}

function collectHas(value: Operand, opens: boolean, found: Finding): void {
  if (!opens) return;
  if (value.from === "literal" && value.literal.type === "string") found.names.add(value.literal.value);
  else found.every = true;
}

function isLabels(operand: unknown): boolean {
  return typeof operand === "object" && operand !== null && "fact" in operand && operand.fact === "session.labels";
}
