/** From prepared rules to rows: the formula of each, folded over the resources of one request. */
import type { Approval } from "../table.ts";
import type { LabelRow, LimitRow, Rest, Row } from "../remainder.ts";
import { testAtoms } from "../formula/atom.ts";
import type { Formula } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import { NO_APPROVALS, type PlannedLabel, type PlannedLimit, type PlannedRow } from "./plan.ts";

const NO_ROWS: Row[] = [];
const NO_BLOCKS: readonly string[] = Object.freeze([]);

/**
 * The rows that may matter: not those that are false, and of each block nothing after an `allow` that grants already,
 * since only other such rules follow, which change nothing.
 * @param several whether more than one block may grant: one grant is then left of each, in case a role is killed
 */
export function foldRows(planned: readonly PlannedRow[], frame: Frame, several: boolean): readonly Row[] {
  let rows = NO_ROWS;
  let granters = NO_BLOCKS;
  for (let at = 0; at < planned.length; at++) {
    const plan = planned[at] as PlannedRow;
    if (plan.plainGrant && granters.includes(plan.rule.block)) continue;
    const row = frame.several === null ? foldOne(plan, frame) : foldOverSeveral(plan, frame);
    if (row === null || (plan.until !== null && plan.until <= frame.request.at)) continue;
    rows = withRow(rows, row);
    if (!plan.plainGrant || row !== plan.whole) continue;
    if (!several) break;
    granters = [...granters, plan.rule.block];
  }
  return rows;
}

/** Most requests leave a row or two: a literal takes just their space, a first `push` that of seventeen. */
function withRow(rows: Row[], row: Row): Row[] {
  if (rows.length === 0) return [row];
  if (rows.length === 1) return [rows[0] as Row, row];
  if (rows.length === 2) return [rows[0] as Row, rows[1] as Row, row];
  rows.push(row);
  return rows;
}

function foldOne(plan: PlannedRow, frame: Frame): Row | null {
  const truth = testAtoms(plan.atoms, frame);
  if (truth === FALSE) return null;
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
