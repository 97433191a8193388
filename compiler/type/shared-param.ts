/** A rule over several actions reads `args.x` only where each of them declares `x` with one type. */
import type { Param, ParamType } from "../../engine/index.ts";
import type { ParamsOwner, SharedParam } from "./scope.ts";
import { joinTypes } from "./value-type.ts";

/** Selections are shared between rules, so what was found for one rule holds for the next. */
const found = new WeakMap<readonly ParamsOwner[], Map<string, SharedParam>>();

export function sharedParam(actions: readonly ParamsOwner[], name: string): SharedParam {
  const byName = found.get(actions) ?? new Map<string, SharedParam>();
  found.set(actions, byName);
  const known = byName.get(name);
  if (known) return known;
  const shared = findShared(actions, name);
  byName.set(name, shared);
  return shared;
}

function findShared(actions: readonly ParamsOwner[], name: string): SharedParam {
  const missing: string[] = [];
  let joined = null as Param | null;
  let first: ParamsOwner | null = null;
  for (const action of actions) {
    const param = action.params.find((candidate) => candidate.name === name);
    if (!param) {
      missing.push(action.name);
      continue;
    }
    const before: Param | null = joined;
    const type: ParamType | null = before === null ? param.type : joinTypes(before.type, param.type);
    if (type === null) return { param: null, missing, differing: [first ?? action, action] };
    joined = { ...param, type, optional: param.optional || before?.optional === true };
    first ??= action;
  }
  return { param: missing.length > 0 ? null : joined, missing, differing: null };
}

/** Names that any of the actions declares, for suggestions. */
export function declaredNames(actions: readonly ParamsOwner[]): Iterable<string> {
  return new Set(actions.flatMap((action) => action.params.map((param) => param.name)));
}
