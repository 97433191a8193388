/** What only the session can read: left as data, with everything that the request contributes put in. */
import type { Comparison, Condition, Operand } from "../condition.ts";
import type { JsonValue } from "../request.ts";
import { canonicalValue } from "../arguments/canonical-args.ts";
import { canonicalJson, isList } from "../values/canonical-json.ts";
import { hrefOf } from "../values/url.ts";
import { mirrored } from "./comparison.ts";
import { type Formula, left } from "./formula.ts";
import { type Reader, comparableReader, missingOf, readerOf } from "./operand.ts";
import { unknown } from "./rest.ts";
import type { Scope } from "./scope.ts";

type Of<Op extends Condition["op"]> = Extract<Condition, { op: Op }>;

export function sessionHasFormula(label: string): Formula {
  return left(() => ({ op: "session_has", label }));
}

/** `session.labels contains x`. */
export function labelsContainFormula(condition: Of<"has">, scope: Scope): Formula {
  const value = readerOf(condition.value, scope);
  return left((frame) => {
    const label = value.read(frame);
    return typeof label === "string" ? { op: "session_has", label } : unknown([value.missing(frame)]);
  });
}

export function sessionDidFormula(condition: Of<"session_did">, scope: Scope): Formula {
  const { action, within } = condition;
  const readers = condition.same.map((name) => readerOf({ from: "args", path: [name] }, scope));
  if (readers.length === 0) return left(() => ({ op: "session_did", action, same: null, within }));
  return left((frame) => {
    const absent = missingOf(readers, frame);
    if (absent.length > 0) return unknown(absent);
    const values = readers.map((reader, at) => [condition.same[at] ?? "", canonical(reader, reader.read(frame))]);
    return { op: "session_did", action, same: canonicalJson(Object.fromEntries(values)), within };
  });
}

function canonical(reader: Reader, value: JsonValue | undefined): JsonValue {
  return reader.type === null || value === undefined ? null : canonicalValue(reader.type, value);
}

export function taskMentionsFormula(operand: Operand, scope: Scope): Formula {
  const reader = readerOf(operand, scope);
  const isUrl = (reader.type?.kind === "list" ? reader.type.of : reader.type)?.kind === "url";
  return left((frame) => {
    const value = reader.read(frame);
    if (value === undefined) return unknown([reader.missing(frame)]);
    const texts = (isList(value) ? value : [value]).map(String);
    // Of an empty list nothing was mentioned; nor was anything that wasn't. Both readings would loosen some rule.
    if (texts.length === 0) return unknown([reader.missing(frame)]);
    return { op: "task_mentions", tokens: isUrl ? texts.map(hrefOf) : texts };
  });
}

/** Only the edge knows what a live set holds; it is a set of texts, compared exactly. */
export function inLiveSetFormula({ left: operand, set }: Of<"in_live_set">, scope: Scope): Formula {
  const reader = readerOf(operand, scope);
  return left((frame) => {
    const value = reader.read(frame);
    return typeof value === "string" ? { op: "live_has", set, value } : unknown([reader.missing(frame)]);
  });
}

/** `session.age` and `session.calls`, on either side. Null where neither operand is one of them. */
export function sessionCompareFormula(condition: Of<"compare">, scope: Scope): Formula | null {
  const onLeft = countedFact(condition.left);
  if (onLeft !== null) return against(onLeft, condition.by, comparableReader(condition.right, condition.type, scope));
  const onRight = countedFact(condition.right);
  if (onRight === null) return null;
  return against(onRight, mirrored(condition.by), comparableReader(condition.left, condition.type, scope));
}

function against(fact: "session.age" | "session.calls", by: Comparison, other: Reader): Formula {
  return left((frame) => {
    const value = other.read(frame);
    return value === undefined
      ? unknown([other.missing(frame)])
      : { op: "session_compare", fact, by, value: Number(value) };
  });
}

function countedFact(operand: Operand): "session.age" | "session.calls" | null {
  if (operand.from !== "fact") return null;
  return operand.fact === "session.age" || operand.fact === "session.calls" ? operand.fact : null;
}
