/** Operands, prepared: how to read the value, what type it has, and which fact is missing when it is undefined. */
import type { ComparableType, Fact, Literal, Operand } from "../condition.ts";
import type { ParamType } from "../param-type.ts";
import type { JsonValue } from "../request.ts";
import { compactNumber } from "../values/decimal.ts";
import { parseDuration } from "../values/duration.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { hrefOf } from "../values/url.ts";
import { readFact } from "./fact.ts";
import type { Frame } from "./frame.ts";
import { memberReader } from "./member.ts";
import type { Scope } from "./scope.ts";

export type Read = (frame: Frame) => JsonValue | undefined;

export interface Reader {
  readonly read: Read;
  /** The position of the argument that `read` gives as it is; null for everything else. */
  readonly at: number | null;
  /** Null for facts and literals, whose comparable form is what `read` gives. */
  readonly type: ParamType | null;
  /** What a person calls it: `args.amount`, `requester.id`. */
  readonly fact: string;
  /** The part of it that is missing, where `read` gives undefined: of `args.to.size` that is `args.to`. */
  readonly missing: (frame: Frame) => string;
  /** Set where the value is the same for every request. */
  readonly constant: JsonValue | undefined;
}

export function readerOf(operand: Operand, scope: Scope): Reader {
  switch (operand.from) {
    case "literal":
      return literalReader(operand.literal);
    case "args":
      return argumentReader(operand.path, scope);
    case "variable":
      return variableReader(operand.name, operand.path, scope);
    case "fact":
      return factReader(operand.fact, scope);
  }
}

/** The operand in the form in which values of `type` compare: times and durations as milliseconds, URLs as printed. */
export function comparableReader(operand: Operand, type: ComparableType, scope: Scope): Reader {
  const reader = readerOf(operand, scope);
  const convert = conversionOf(reader.type);
  if (convert === null || (type === "string" && reader.type?.kind !== "url")) return reader;
  const read: Read = (frame) => {
    const value = reader.read(frame);
    return value === undefined ? undefined : convert(value as string);
  };
  return { ...reader, read, at: null };
}

function conversionOf(type: ParamType | null): ((text: string) => JsonValue | undefined) | null {
  if (type?.kind === "timestamp") return (text) => parseTimestamp(text) ?? undefined;
  if (type?.kind === "duration") return (text) => parseDuration(text) ?? undefined;
  return type?.kind === "url" ? hrefOf : null;
}

function literalReader(literal: Literal): Reader {
  const constant = literal.type === "number" ? compactNumber(literal.value) : literal.value;
  return { read: () => constant, at: null, type: null, fact: "", missing: () => "", constant };
}

function argumentReader(path: readonly string[], scope: Scope): Reader {
  const position = scope.params.findIndex((param) => param.name === path[0]);
  const param = scope.params[position];
  if (param === undefined) throw new Error(`a rule reads \`args.${path.join(".")}\`, which its action doesn't declare`);
  const fact = `args.${param.name}`;
  const reader = { ...valueReader((frame) => frame.values[position], param.type, fact), at: position };
  return withMembers(reader, path.slice(1));
}

function variableReader(name: string, path: readonly string[], { element }: Scope): Reader {
  if (element === null || element.name !== name) throw new Error(`a rule reads the variable \`${name}\` out of place`);
  return withMembers(
    valueReader((frame) => frame.element, element.type, element.fact),
    path,
  );
}

function valueReader(read: Read, type: ParamType, fact: string): Reader {
  return { read, at: null, type, fact, missing: () => fact, constant: undefined };
}

function withMembers(value: Reader, path: readonly string[]): Reader {
  return path.reduce(memberReader, value);
}

function factReader(fact: Fact, scope: Scope): Reader {
  return { read: readFact(fact, scope), at: null, type: null, fact, missing: () => fact, constant: undefined };
}

/** The facts that keep these operands from being read, for the request at hand. */
export function missingOf(readers: readonly Reader[], frame: Frame): readonly string[] {
  return readers.filter((reader) => reader.read(frame) === undefined).map((reader) => reader.missing(frame));
}
