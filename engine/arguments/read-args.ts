/**
 * Arguments are checked before any rule, and read once: conditions find them by position, so that no rule ever looks
 * at a name that the action doesn't declare.
 */
import type { Action } from "../table.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { type Member, memberFaults, memberOf, memberValue, undeclaredFaults } from "./check-record.ts";
import { type Fault, NO_FAULTS, joinFaults } from "./fault.ts";

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

/** Fills `values`, and gives every fault (20 at most). The values may be used only where there is none. */
export function readArgs(reader: ArgsReader, args: JsonObject, values: Values): readonly Fault[] {
  let faults = NO_FAULTS;
  let present = 0;
  for (const member of reader.members) {
    const value = memberValue(args, member);
    values.push(value);
    if (value !== undefined) {
      present++;
      if (member.check(value).length === 0) continue;
    } else if (member.optional) continue;
    faults = joinFaults(faults, memberFaults(member, value));
  }
  // As many names as were read: none is undeclared. Only otherwise each has to be looked up.
  return countNames(args) === present ? faults : joinFaults(faults, undeclaredFaults(args, reader.names, reader.open));
}

/**
 * Every fault of the arguments, as `match` would deny them: missing, mistyped, undeclared, not canonical.
 * Pointers are RFC 6901, relative to the arguments.
 */
export function checkArgs(action: Action, args: JsonObject): readonly Fault[] {
  return readArgs(argsReaderOf(action), args, []);
}

/** Inherited names count too, which only leads to the careful look. */
function countNames(args: JsonObject): number {
  let count = 0;
  for (const _name in args) count++;
  return count;
}
