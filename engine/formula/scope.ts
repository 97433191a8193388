/** What the names in a condition mean: prepared per action, since `args.x` is a position among its parameters. */
import type { Group, NamedSet, ParamType, Schedule } from "../table.ts";
import type { Param } from "../param-type.ts";

export interface Scope {
  readonly params: readonly Param[];
  readonly sets: ReadonlyMap<string, NamedSet>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** SHA-256 of each canary, in hex. */
  readonly canaries: ReadonlySet<string>;
  /** The enclosing `every` or `some`: there is at most one. */
  readonly element: { readonly name: string; readonly type: ParamType; readonly fact: string } | null;
}

/** A name that validation of the table has shown to exist. */
export function named<T>(map: ReadonlyMap<string, T>, kind: string, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`the table names the ${kind} \`${name}\`, which it doesn't hold`);
  return found;
}
