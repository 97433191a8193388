/** From prepared rules to rows: the formula of each, folded over the resources of one request. */
import type { Approval } from "../table.ts";
import type { LabelRow, LimitRow, Rest, Row } from "../remainder.ts";
import type { Formula } from "../formula/formula.ts";
import type { Frame, Resource } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import { NO_APPROVALS, type PlannedLabel, type PlannedLimit, type PlannedRow } from "./plan.ts";

const NO_ROWS: Row[] = [];

/**
 * The rows that may matter: not those that are false, and of the `allow` rules none after one that grants already,
 * since more of them change nothing. `frame` stands at the first resource, or at none.
 */
export function foldRows(planned: readonly PlannedRow[], frame: Frame, resources: readonly Resource[]): readonly Row[] {
  let rows = NO_ROWS;
  let granted = false;
  for (let at = 0; at < planned.length; at++) {
    const plan = planned[at] as PlannedRow;
    if (granted && plan.plainGrant) continue;
    const row = resources.length > 1 ? foldRowOverMany(plan, frame, resources) : foldRow(plan, frame);
    if (row === null || plan.until <= frame.request.at) continue;
    if (plan.plainGrant && row === plan.whole) granted = true;
    // Most requests leave one row: a literal takes just its space, a first `push` that of seventeen.
    if (rows.length === 0) rows = [row];
    else rows.push(row);
  }
  return rows;
}

function foldRow(plan: PlannedRow, frame: Frame): Row | null {
  const truth = plan.formula.test(frame);
  if (truth === FALSE) return null;
  if (truth === TRUE) return plan.whole;
  const rest = plan.formula.rest(frame);
  return { ...plan.whole, grants: rest, restricts: rest };
}

/** A grant must hold for every resource; a restriction is met by any. */
function foldRowOverMany(plan: PlannedRow, frame: Frame, resources: readonly Resource[]): Row | null {
  const rests = restsOver(plan.formula, frame, resources);
  const restricts = restOfAny(rests);
  if (restricts === false) return null;
  const grants = restOfAll(rests);
  return grants === true ? plan.whole : { ...plan.whole, grants, restricts };
}

function restsOver(formula: Formula, frame: Frame, resources: readonly Resource[]): readonly Rest[] {
  const rests = resources.map((resource) => {
    frame.resource = resource;
    return formula.rest(frame);
  });
  frame.resource = resources[0] ?? null;
  return rests;
}

export function foldLimits(planned: readonly PlannedLimit[], frame: Frame, resources: readonly Resource[]): LimitRow[] {
  const rows: LimitRow[] = [];
  for (const plan of planned) {
    const holds = restOfAny(restsOver(plan.formula, frame, resources.length === 0 ? NOWHERE : resources));
    if (holds === false) continue;
    if (holds === true && plan.amount === null && plan.key === null) rows.push(plan.whole);
    else rows.push({ ...plan.whole, holds, ...spending(plan, frame) });
  }
  return rows;
}

/** A request without resources is asked about once. */
const NOWHERE = Object.freeze([null]) as unknown as readonly Resource[];

function spending({ amount, key, whole }: PlannedLimit, frame: Frame): Pick<LimitRow, "amount" | "key"> {
  return { amount: amount?.(frame) ?? whole.amount, key: key?.(frame) ?? whole.key };
}

export function foldLabels(
  planned: readonly PlannedLabel[],
  frame: Frame,
  resources: readonly Resource[],
): readonly LabelRow[] {
  return planned.flatMap(({ label, formula }) => {
    const holds = restOfAny(restsOver(formula, frame, resources.length === 0 ? NOWHERE : resources));
    return holds === false ? [] : [{ label, holds }];
  });
}

/** Definitions of the approvals that the rows and limits name, each once, by name. Only for plans that may ask. */
export function approvalsOf(
  rows: readonly Row[],
  limits: readonly LimitRow[],
  definitions: ReadonlyMap<string, Approval>,
): readonly Approval[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of row.rule.via) names.add(name);
  for (const limit of limits) if (limit.via !== null) names.add(limit.via);
  if (names.size === 0) return NO_APPROVALS;
  return [...names].sort().flatMap((name) => definitions.get(name) ?? []);
}
