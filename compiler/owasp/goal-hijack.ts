/** ASI01: text that the agent reads may give it another goal. Labels tell that it was read, rules say what follows. */
import type { Condition } from "../../engine/index.ts";
import {
  type Assessment,
  declaration,
  evidenceOf,
  gap,
  hasClass,
  measure,
  type PolicyView,
  someCondition,
  strictRules,
} from "./policy-view.ts";

export function assessGoalHijack(view: PolicyView): Assessment {
  const { labels, actions, agents } = view.table.body;
  const taints = labels.filter(({ kind }) => kind === "taint").map(({ name }) => name);
  const isTaint = (part: Condition): boolean => part.op === "session_has" && taints.includes(part.label);
  const tightened = view.rules.filter(({ row }) => row.tier !== "allow" && someCondition(row.when, isTaint));
  const task = view.rules.filter(({ row }) => someCondition(row.when, (part) => part.op === "task_mentions"));
  const leaving = strictRules(view).filter(({ row }) =>
    row.scope.select.some((selector) => selector.kind === "class" && selector.name === "external"),
  );
  const sources = actions.filter((action) => action.yields.some(({ label }) => taints.includes(label)));
  const woken = agents.filter((agent) => agent.starts_with.some((label) => taints.includes(label)));
  const unmarked = actions.filter((action) => hasClass(action, ["external"]) && hasClass(action, ["read"]));
  const silent = unmarked.filter((action) => !sources.includes(action)).map(({ name }) => `\`${name}\``);
  return {
    enforced: [
      ...measure("sessions that read a stranger's text are marked", [
        ...sources.map(({ name }) => declaration(view, "action", name)),
        ...woken.map(({ name }) => declaration(view, "agent", name, " starts with a taint label")),
      ]),
      ...measure("after that these rules tighten", evidenceOf(view, tightened)),
      ...measure("what leaves is asked about or forbidden", evidenceOf(view, leaving)),
      ...measure("what the task doesn't name is treated apart", evidenceOf(view, task)),
    ],
    open: [
      ...gap(taints.length === 0, "no taint label: a session doesn't know whether it read a stranger's text", TAINT),
      ...gap(taints.length > 0 && tightened.length === 0, "no rule tightens when a session has a taint label", TIGHTEN),
      ...gap(silent.length > 0, `reads from outside without a label: ${silent.slice(0, 5).join(", ")}`, YIELD),
    ],
  };
}

const TAINT = "declare `label untrusted is taint`, and let actions that read from outside yield it";
const TIGHTEN = "in `every agent`: `ask external when session has untrusted via …`";
const YIELD = "add `yields untrusted` where strangers can write what is read";
