/**
 * What a limit or a rule about openings is about, before and after: two that are written alike reach different requests
 * where sets, groups, schedules, classes, templates or types that they rest on changed.
 */
import type { Action, Agent, Condition, Rule, Scope } from "../../../engine/index.ts";
import { OPENING } from "../../../engine/index.ts";
import { CELL_EFFORT } from "../space/cell.ts";
import type { PlacedBlock } from "../space/side.ts";
import { ANYTHING } from "./anything.ts";
import type { Tables } from "./approval-order.ts";
import { compareCell } from "./compare-cell.ts";

/** A limit, or a rule about openings. */
export interface Reaching {
  readonly scope: Scope;
  readonly when: Condition | null;
  /** UTC milliseconds from which it is gone. */
  readonly until?: number | null;
}

export interface ReachPlace {
  readonly agent: Agent;
  /** `session.open` as `OPENING_ACTION`. */
  readonly action: Action;
  readonly reaching: Reaching;
}

export interface ReachOrder {
  /** Some request isn't reached any more. */
  readonly fewer: boolean;
  /** Some request is reached that wasn't. */
  readonly more: boolean;
  /** Why `fewer` may be so though it wasn't found; null where that is certain. */
  readonly doubt: string | null;
}

/** The engine decides openings by rules of their own: here they stand for an action whose name no policy can give. */
export const OPENING_ACTION: Action = { ...OPENING, name: "opening of a session" };

/** Both are taken for the restrictions that they are: what can't be told is reached. */
export function compareReach(
  before: ReachPlace,
  after: ReachPlace,
  tables: Tables,
  from: number | undefined,
): ReachOrder {
  const old = { ...before, table: tables.before, blocks: asRestriction(before) };
  const now = { ...after, table: tables.after, blocks: asRestriction(after) };
  const { looser, stricter, doubt } = compareCell(old, now, {
    from,
    real: null,
    roles: tables.roles,
    effort: { left: CELL_EFFORT },
  });
  return { fewer: looser !== null, more: stricter !== null, doubt };
}

function asRestriction({ action, reaching }: ReachPlace): readonly PlacedBlock[] {
  const { when, until } = reaching;
  const scope: Scope = action === OPENING_ACTION ? { ...reaching.scope, select: [{ kind: "any" }] } : reaching.scope;
  const rule: Rule = {
    // As ids do, it tells two apart that mean something else.
    id: JSON.stringify([scope, when, until ?? null]),
    tier: "never",
    trial: false,
    scope,
    when,
    to: [],
    via: [],
    until: until ?? null,
    text: "",
    doc: null,
  };
  return [{ block: { kind: "every", name: "", rules: [rule], limits: [] }, role: null }, ANYTHING];
}
