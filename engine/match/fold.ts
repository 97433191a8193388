/** From prepared rules to rows: the formula of each, folded over the resources of one request. */
import type { Approval } from "../table.ts";
import type { LabelRow, LimitRow, Rest, Row } from "../remainder.ts";
import { testAtoms } from "../formula/atom.ts";
import type { Formula } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import { FALSE, TRUE, UNKNOWN } from "../formula/truth.ts";
import { NO_APPROVALS, type PlannedLabel, type PlannedLimit, type PlannedRow } from "./plan.ts";

const NO_ROWS: Row[] = [];

/**
 * The rows that may matter: not those that are false, and of each block nothing after an `allow` that grants already,
 * since only other such rules follow, which change nothing.
 * @param several whether more than one block may grant: one grant is then left of each, in case a role is killed
 */
export function foldRows(planned: readonly PlannedRow[], frame: Frame, several: boolean): readonly Row[] {
  let count = 0;
  let granted = false;
  for (let at = 0; at < planned.length; at++) {
    const plan = planned[at] as PlannedRow;
    if (granted && plan.plainGrant && isGrantedBy(plan.rule.block, count)) continue;
    const row = frame.several === null ? foldOne(plan, frame, granted) : foldOverSeveral(plan, frame);
    if (row === null || (plan.until !== null && plan.until <= frame.request.at)) continue;
    gathered[count++] = row;
    if (!plan.plainGrant || row !== plan.whole) continue;
    if (!several) break;
    granted = true;
  }
  return count === 0 ? NO_ROWS : taken(count);
}

/** Rows of the fold that is going on: gathered here, so that what is left of it takes just its space. */
const gathered: (Row | null)[] = [];

/** The first so many, which are forgotten here. */
function taken(count: number): readonly Row[] {
  const rows = gathered.slice(0, count) as Row[];
  for (let at = 0; at < count; at++) gathered[at] = null;
  return rows;
}

function isGrantedBy(block: string, count: number): boolean {
  for (let at = 0; at < count; at++) {
    const { rule, grants, may_grant } = gathered[at] as Row;
    if (grants === true && may_grant && rule.tier === "allow" && !rule.trial && rule.block === block) return true;
  }
  return false;
}

/** @param granted by another block: a further grant that stays unknown would never grant anything */
function foldOne(plan: PlannedRow, frame: Frame, granted: boolean): Row | null {
  const truth = testAtoms(plan.atoms, frame);
  if (truth === FALSE || (granted && truth === UNKNOWN && plan.plainGrant)) return null;
  return truth === TRUE ? plan.whole : openRow(plan, frame);
}

function openRow({ whole, formula }: PlannedRow, frame: Frame): Row {
  const rest = formula.rest(frame);
  return { ...whole, grants: rest, restricts: rest };
}

/** A grant must hold for every resource; a restriction is met by any. */
function foldOverSeveral(plan: PlannedRow, frame: Frame): Row | null {
  const rests = restsOver(plan.formula, frame);
  const restricts = restOfAny(rests);
  if (restricts === false) return null;
  const grants = restOfAll(rests);
  return grants === true ? plan.whole : { ...plan.whole, grants, restricts };
}

/** The formula at each resource, or once where there is none. */
export function restsOver(formula: Formula, frame: Frame): readonly Rest[] {
  if (frame.several === null) return [formula.rest(frame)];
  return frame.several.map((resource) => {
    frame.resource = resource;
    return formula.rest(frame);
  });
}

export function foldLimits(planned: readonly PlannedLimit[], frame: Frame): LimitRow[] {
  const rows: LimitRow[] = [];
  for (const plan of planned) {
    const holds = restOfAny(restsOver(plan.formula, frame));
    if (holds === false) continue;
    if (holds === true && plan.amount === null && plan.key === null) rows.push(plan.whole);
    else rows.push({ ...plan.whole, holds, ...spending(plan, frame) });
  }
  return rows;
}

function spending({ amount, key, whole }: PlannedLimit, frame: Frame): Pick<LimitRow, "amount" | "key"> {
  return { amount: amount?.(frame) ?? whole.amount, key: key?.(frame) ?? whole.key };
}

export function foldLabels(planned: readonly PlannedLabel[], frame: Frame): readonly LabelRow[] {
  return planned.flatMap(({ label, formula }) => {
    const holds = restOfAny(restsOver(formula, frame));
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
