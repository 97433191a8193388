/** Arguments of an action and fields of a record: the same check, since both are named values of declared types. */
import type { Param } from "../param-type.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { isObject } from "../values/canonical-json.ts";
import { isDeeplyWellFormed } from "./check-json.ts";
import { type Check, checkOf } from "./check-value.ts";
import { type Fault, NO_FAULTS, below, fault, joinFaults } from "./fault.ts";

/** One declared name, ready to be read from an object. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly check: Check;
  /** Objects inherit this name (`constructor`): only an own property may be read. */
  readonly inherited: boolean;
}

export function memberOf(param: Param): Member {
  const check = checkOf(param.type);
  return {
    name: param.name,
    optional: param.optional,
    check: param.secret ? checkSecret(check, param) : check,
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
    if (!isObject(value)) return fault("must be an object");
    let faults = NO_FAULTS;
    for (const member of members) faults = joinFaults(faults, memberFaults(member, memberValue(value, member)));
    return joinFaults(faults, undeclaredFaults(value, names, false));
  };
}

export function memberFaults(member: Member, value: JsonValue | undefined): readonly Fault[] {
  if (value !== undefined) return below(member.name, member.check(value));
  return member.optional ? NO_FAULTS : below(member.name, fault("is missing"));
}

/** Names that aren't declared; an `open` list of parameters admits them, but not broken text. */
export function undeclaredFaults(object: JsonObject, names: ReadonlySet<string>, open: boolean): readonly Fault[] {
  let faults = NO_FAULTS;
  for (const name of Object.keys(object)) {
    if (names.has(name) || object[name] === undefined) continue;
    const sound = name.isWellFormed() && isDeeplyWellFormed(object[name] ?? null);
    if (open && sound) continue;
    const detail = open ? "must be well-formed text: it holds half a surrogate pair" : "isn't declared: leave it out";
    faults = joinFaults(faults, below(name.toWellFormed(), fault(detail)));
  }
  return faults;
}

/** A detail may state the canonical form to send, which is nearly the value: not for a secret. */
function checkSecret(check: Check, param: Param): Check {
  return (value) =>
    check(value).map(({ pointer }) => ({ pointer, detail: `isn't a valid ${param.type.kind} (the value is secret)` }));
}
