/** `every x in L: C` and `some x in L: C`: Kleene's `and` and `or` over the elements. */
import type { Condition } from "../condition.ts";
import type { ParamType } from "../param-type.ts";
import type { Rest } from "../remainder.ts";
import type { JsonValue } from "../request.ts";
import { isList } from "../values/canonical-json.ts";
import { conditionFormula } from "./condition.ts";
import type { Formula } from "./formula.ts";
import type { Frame } from "./frame.ts";
import { type Reader, readerOf } from "./operand.ts";
import { restOfAll, restOfAny, unknown } from "./rest.ts";
import type { Scope } from "./scope.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "./truth.ts";

export type Quantifier = Extract<Condition, { op: "every" | "some" }>;

const TEXT: ParamType = { kind: "string", min: null, max: null, like: null };

export function quantifierFormula(condition: Quantifier, scope: Scope): Formula {
  const list = readerOf(condition.list, scope);
  const body = conditionFormula(condition.body, bodyScope(condition, scope));
  const decisive = condition.op === "every" ? FALSE : TRUE;
  const join = condition.op === "every" ? restOfAll : restOfAny;
  return {
    fixed: null,
    size: body.size + 1,
    test: (frame) => {
      const elements = list.read(frame);
      return elements === undefined ? UNKNOWN : testElements(body, elements as readonly JsonValue[], decisive, frame);
    },
    rest: (frame) => {
      const elements = list.read(frame);
      return isList(elements)
        ? join(elements.map((value) => restAt(body, value, frame)))
        : unknown([list.missing(frame)]);
    },
  };
}

/** What the names in the body mean. */
export function bodyScope({ list, variable }: Quantifier, scope: Scope): Scope {
  const reader = readerOf(list, scope);
  return { ...scope, element: { name: variable, type: elementType(reader), fact: reader.fact } };
}

/** Facts that are lists (`agent.roles`) hold names. */
function elementType({ type }: Reader): ParamType {
  return type?.kind === "list" ? type.of : TEXT;
}

/** The first decisive element decides; else the greater of what the others leave (see `truth.ts`). */
function testElements(body: Formula, elements: readonly JsonValue[], decisive: Truth, frame: Frame): Truth {
  let result: Truth = decisive === FALSE ? TRUE : FALSE;
  for (const value of elements) {
    frame.element = value;
    const truth = body.test(frame);
    if (truth === decisive) return truth;
    if (truth > result) result = truth;
  }
  return result;
}

function restAt(body: Formula, value: JsonValue, frame: Frame): Rest {
  frame.element = value;
  return body.rest(frame);
}
