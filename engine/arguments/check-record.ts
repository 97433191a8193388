/** Arguments of an action and fields of a record: the same check, since both are named values of declared types. */
import type { Param } from "../param-type.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { isObject } from "../values/canonical-json.ts";
import { isDeeplyWellFormed } from "./check-json.ts";
import { type Check, checkOf } from "./check-value.ts";
import { type Glance, glanceOf } from "./glance.ts";
import { type Fault, below, problemOf } from "./fault.ts";

/** One declared name, ready to be read from an object. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly check: Check;
  readonly glance: Glance;
  /** Objects inherit this name (`constructor`): only an own property may be read. */
  readonly inherited: boolean;
}

export function memberOf(param: Param): Member {
  const check = checkOf(param.type);
  return {
    name: param.name,
    optional: param.optional,
    check: param.secret ? checkSecret(check, param) : check,
    glance: glanceOf(param),
    inherited: param.name in Object.prototype,
  };
}

/** Null and missing are one: absent. */
export function memberValue(object: JsonObject, member: Member): JsonValue | undefined {
  if (member.inherited && !Object.hasOwn(object, member.name)) return undefined;
  return object[member.name] ?? undefined;
}

export function checkRecord(fields: readonly Param[]): Check {
  const members = fields.map(memberOf);
  const names = new Set(fields.map((field) => field.name));
  return (value) => {
    if (!isObject(value)) return "must be an object";
    const faults = members.flatMap((member) => memberFaults(member, memberValue(value, member)));
    return problemOf([...faults, ...undeclaredFaults(value, names, false)]);
  };
}

export function memberFaults(member: Member, value: JsonValue | undefined): readonly Fault[] {
  if (value === undefined) return member.optional ? [] : below(member.name, "is missing");
  const problem = member.check(value);
  return problem === null ? [] : below(member.name, problem);
}

/** Names that aren't declared; an `open` list of parameters admits them, but not broken text. */
export function undeclaredFaults(object: JsonObject, names: ReadonlySet<string>, open: boolean): readonly Fault[] {
  return Object.keys(object).flatMap((name) => {
    const value = object[name];
    if (names.has(name) || value === undefined) return [];
    if (!open) return below(name.toWellFormed(), "isn't declared: leave it out");
    if (name.isWellFormed() && isDeeplyWellFormed(value)) return [];
    return below(name.toWellFormed(), "must be well-formed text: it holds half a surrogate pair");
  });
}

/** A detail may state the canonical form to send, which is nearly the value: not for a secret. */
function checkSecret(check: Check, param: Param): Check {
  const detail = `isn't a valid ${param.type.kind} (the value is secret)`;
  return (value) => {
    const problem = check(value);
    if (problem === null || typeof problem === "string") return problem === null ? null : detail;
    return problem.map(({ pointer }) => ({ pointer, detail }));
  };
}
