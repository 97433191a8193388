/** The policy's actions, ready to be selected by name, prefix and class. */
import type { Action } from "../../engine/index.ts";
import { compareText } from "../sorted-set.ts";

export interface Actions {
  /** Sorted by name. */
  readonly all: readonly Action[];
  readonly byName: ReadonlyMap<string, Action>;
  readonly byClass: ReadonlyMap<string, readonly Action[]>;
}

export function indexActions(actions: readonly Action[]): Actions {
  const all = actions.toSorted((a, b) => compareText(a.name, b.name));
  const byClass = new Map<string, Action[]>();
  for (const action of all) {
    for (const name of new Set(action.classes.map((entry) => entry.name))) {
      const members = byClass.get(name) ?? [];
      members.push(action);
      byClass.set(name, members);
    }
  }
  return { all, byName: new Map(all.map((action) => [action.name, action])), byClass };
}
