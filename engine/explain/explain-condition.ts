/** A condition as a tree of truths: every part of it by itself, down to the atoms. */
import type { Condition } from "../condition.ts";
import type { State } from "../state.ts";
import type { Rest } from "../remainder.ts";
import { collectUnknown, settle } from "../decide/settle.ts";
import { conditionFormula } from "../formula/condition.ts";
import type { Frame } from "../formula/frame.ts";
import { readerOf } from "../formula/operand.ts";
import { type Quantifier, bodyScope } from "../formula/quantifier.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import { isList } from "../values/canonical-json.ts";
import type { ExplainedCondition, ExplainedTruth } from "./explanation.ts";
import { printCondition, printOperand } from "./print-condition.ts";

/** Of a longer list people read the first. */
const MOST_ELEMENTS = 20;

/** The frame says which resource and element it is about. */
export function explainCondition(condition: Condition, scope: Scope, frame: Frame, state: State): ExplainedCondition {
  const rest = conditionFormula(condition, scope).rest(frame);
  return {
    text: printCondition(condition),
    truth: truthOf(rest, state),
    unknown: unknownIn(rest, state),
    of: partsOf(condition, scope, frame, state),
  };
}

function partsOf(condition: Condition, scope: Scope, frame: Frame, state: State): readonly ExplainedCondition[] {
  switch (condition.op) {
    case "and":
    case "or":
      return condition.of.map((part) => explainCondition(part, scope, frame, state));
    case "not":
      return [explainCondition(condition.of, scope, frame, state)];
    case "every":
    case "some":
      return explainElements(condition, scope, frame, state);
    default:
      return [];
  }
}

/** By place and not by value: what is secret stays so. */
function explainElements(
  condition: Quantifier,
  scope: Scope,
  frame: Frame,
  state: State,
): readonly ExplainedCondition[] {
  const elements = readerOf(condition.list, scope).read(frame);
  if (!isList(elements)) return [];
  const inside = bodyScope(condition, scope);
  return elements.slice(0, MOST_ELEMENTS).map((element, at) => {
    frame.element = element;
    const body = explainCondition(condition.body, inside, frame, state);
    return { ...body, text: `${printOperand(condition.list)}[${at}]: ${body.text}` };
  });
}

export function truthOf(rest: Rest, state: State): ExplainedTruth {
  const settled = settle(rest, state);
  return settled === TRUE ? "true" : settled === FALSE ? "false" : "unknown";
}

/** The facts that left it unknown; none where it isn't. */
export function unknownIn(rest: Rest, state: State): readonly string[] {
  const facts = new Set<string>();
  collectUnknown(rest, state, facts);
  return [...facts].toSorted();
}
