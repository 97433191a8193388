/**
 * Arguments are checked before any rule, and read once: conditions find them by position, so that no rule ever looks
 * at a name that the action doesn't declare.
 */
import type { Action } from "../table.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { type Member, memberFaults, memberOf, memberValue, undeclaredFaults } from "./check-record.ts";
import { type Fault, MOST_FAULTS, NO_FAULTS } from "./fault.ts";

export interface ArgsReader {
  readonly members: readonly Member[];
  readonly names: ReadonlySet<string>;
  readonly open: boolean;
}

/** Values in the order of the parameters; undefined where absent. */
export type Values = (JsonValue | undefined)[];

export function argsReaderOf(action: Action): ArgsReader {
  return {
    members: action.params.map(memberOf),
    names: new Set(action.params.map((param) => param.name)),
    open: action.open,
  };
}

/** Fills `values` by position, and gives the faults: only where there is none may the values be used. */
export function readArgs({ members, names, open }: ArgsReader, args: JsonObject, values: Values): readonly Fault[] {
  let faults = NO_FAULTS;
  let present = 0;
  for (let at = 0; at < members.length; at++) {
    const member = members[at] as Member;
    const value = memberValue(args, member);
    values[at] = value;
    if (value !== undefined) {
      present++;
      if (member.check(value) === null) continue;
    } else if (member.optional) continue;
    faults = [...faults, ...memberFaults(member, value)];
  }
  // As many names as were read: none is undeclared. Only otherwise each has to be looked up.
  if (countNames(args) === present) return faults;
  return [...faults, ...undeclaredFaults(args, names, open)];
}

/**
 * Every fault of the arguments, as `match` would deny them: missing, mistyped, undeclared, not canonical.
 * Pointers are RFC 6901, relative to the arguments.
 */
export function checkArgs(action: Action, args: JsonObject): readonly Fault[] {
  return readArgs(argsReaderOf(action), args, []).slice(0, MOST_FAULTS);
}

/** Inherited names count too, which only leads to the careful look. */
function countNames(args: JsonObject): number {
  let count = 0;
  for (const _name in args) count++;
  return count;
}
