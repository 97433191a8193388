/**
 * Arguments are checked before any rule, and read once: conditions find them by position, so that no rule ever looks
 * at a name that the action doesn't declare.
 */
import type { Action } from "../table.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { type Member, memberFaults, memberOf, memberValue, undeclaredFaults } from "./check-record.ts";
import { isRightAtAGlance } from "./glance.ts";
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
export function readArgs(reader: ArgsReader, args: JsonObject, values: Values): readonly Fault[] {
  return readInOrder(reader.members, args, values) ? NO_FAULTS : readByName(reader, args, values);
}

/**
 * The usual arguments: all right, none undeclared, in the order of the parameters. One pass over the object reads and
 * counts them. False for any others, good or bad, which are then read by name.
 */
function readInOrder(members: readonly Member[], args: JsonObject, values: Values): boolean {
  let at = 0;
  for (const name in args) {
    let member = members[at];
    while (member !== undefined && member.name !== name && member.optional) member = members[++at];
    if (member === undefined || member.name !== name) return false;
    const value = args[name];
    if (value === undefined || value === null || !isRight(member, value)) return false;
    values[at++] = value;
  }
  while (at < members.length) if (members[at++]?.optional !== true) return false;
  return true;
}

function isRight({ glance, check }: Member, value: JsonValue): boolean {
  return isRightAtAGlance(glance, value) || check(value) === null;
}

function readByName({ members, names, open }: ArgsReader, args: JsonObject, values: Values): readonly Fault[] {
  const faults = members.flatMap((member, at) => {
    const value = memberValue(args, member);
    values[at] = value;
    return memberFaults(member, value);
  });
  return [...faults, ...undeclaredFaults(args, names, open)];
}

/**
 * Every fault of the arguments, as `match` would deny them: missing, mistyped, undeclared, not canonical.
 * Pointers are RFC 6901, relative to the arguments.
 */
export function checkArgs(action: Action, args: JsonObject): readonly Fault[] {
  return readArgs(argsReaderOf(action), args, []).slice(0, MOST_FAULTS);
}
