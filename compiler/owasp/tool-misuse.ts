/** ASI02: tools that an agent may use, used for harm. Conditions, questions and limits bound it. */
import type { ParamType } from "../../engine/index.ts";
import {
  type Assessment,
  concernsClass,
  evidenceOf,
  gap,
  hasClass,
  measure,
  type PolicyView,
  strictRules,
} from "./policy-view.ts";

const DANGEROUS = ["delete", "irreversible", "spend", "admin"];

export function assessToolMisuse(view: PolicyView): Assessment {
  const { actions } = view.table.body;
  const grants = view.rules.filter(({ row, block }) => row.tier !== "never" && block.kind !== "every");
  const narrowed = grants.filter(({ row }) => row.tier !== "ask" && (row.when !== null || row.scope.on !== null));
  const held = strictRules(view).filter(({ row }) => concernsClass(view, row, DANGEROUS));
  const open = actions.filter((action) => action.open || action.params.some(({ type }) => isShapeless(type)));
  const names = open.map(({ name }) => `\`${name}\``);
  const dangerous = actions.some((action) => hasClass(action, DANGEROUS));
  return {
    enforced: [
      ...measure("whatever no rule grants is denied; these grant only under a condition", evidenceOf(view, narrowed)),
      ...measure("what can't be taken back is asked about or forbidden", evidenceOf(view, held)),
      ...measure("how much and how fast", evidenceOf(view, view.limits)),
    ],
    open: [
      ...gap(view.limits.length === 0, "no limit: nothing bounds how often a tool is used", LIMIT),
      ...gap(dangerous && held.length === 0, "nothing that can't be taken back is asked about or forbidden", HOLD),
      ...gap(open.length > 0, `arguments that no condition can read: ${names.slice(0, 5).join(", ")}`, DECLARE),
    ],
  };
}

function isShapeless(type: ParamType): boolean {
  return type.kind === "json" || (type.kind === "list" && isShapeless(type.of));
}

const LIMIT = "in `every agent`: `limit * to 1000 in 1h per agent`";
const HOLD = "in `every agent`: `ask delete, irreversible, spend, admin via …`";
const DECLARE = "declare their parameters with types";
