/** ASI05: actions that run code. */
import {
  type Assessment,
  concernsClass,
  evidenceOf,
  gap,
  measure,
  type PolicyView,
  stated,
  strictRules,
} from "./policy-view.ts";

/** Neither `query` nor `statement`: mostly they are words that are looked for, and what a bank sends. */
const CODE = /^(sql|command|cmd|code|script|shell)$/i;

export function assessCodeExecution(view: PolicyView): Assessment {
  const { actions } = view.table.body;
  const held = strictRules(view).filter(({ row }) => concernsClass(view, row, ["execute"]));
  const narrowed = view.rules.filter(
    ({ row }) => row.tier === "allow" && row.when !== null && concernsClass(view, row, ["execute"]),
  );
  const limits = view.limits.filter(({ row }) => concernsClass(view, row, ["execute"]));
  const runs = actions.filter((action) => action.classes.some(({ name }) => name === "execute"));
  const hidden = actions
    .filter((action) => !runs.includes(action) && action.params.some(({ name }) => CODE.test(name)))
    .map(({ name }) => `\`${name}\``);
  return {
    enforced: [
      ...measure(
        "whatever runs code is denied",
        runs.length + hidden.length === 0 ? [stated(`${actions.length} actions, none of them \`execute\``)] : [],
      ),
      ...measure("running code is asked about or forbidden", evidenceOf(view, held)),
      ...measure("code runs only under a condition", evidenceOf(view, narrowed)),
      ...measure("how often code runs", evidenceOf(view, limits)),
    ],
    open: [
      ...gap(runs.length > 0 && held.length === 0, "nothing asks about running code or forbids it", ASK),
      ...gap(hidden.length > 0, `takes code and isn't \`execute\`: ${hidden.slice(0, 5).join(", ")}`, CLASS),
    ],
  };
}

const ASK = "in `every agent`: `ask execute via …`, or `never execute`";
const CLASS = "add `execute` to their classes, so that rules for it hold";
