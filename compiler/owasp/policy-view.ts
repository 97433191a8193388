/** What the assessments read of a table: its rows with their places, and questions that several of them ask. */
import { blockTitle } from "../../engine/index.ts";
import type { Action, Agent, Block, Condition, Limit, Need, Rule, Table } from "../../engine/index.ts";
import { type Place, placeOf } from "../place-of.ts";
import { surelySelects } from "../resolve/selection.ts";

/** Something in the policy that shows what is said of it. */
export interface Evidence {
  readonly text: string;
  /** `every agent`, `role sales`; null for a declaration. */
  readonly block: string | null;
  readonly place: Place | null;
  /** What an edge has to deliver for it; null where every edge does. */
  readonly need: Need | null;
}

/** Something that the policy enforces. */
export interface Measure {
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

/** Something that it leaves open. */
export interface Gap {
  readonly what: string;
  readonly help: string | null;
  /** Code of the finding; null for something that is merely missing. */
  readonly code: string | null;
  readonly place: Place | null;
}

export interface Assessment {
  readonly enforced: readonly Measure[];
  readonly open: readonly Gap[];
}

export interface Row<Kind extends Rule | Limit> {
  readonly row: Kind;
  readonly block: Block;
}

export interface PolicyView {
  readonly table: Table;
  /** Enforced rules: none on trial, and none of a role that no agent has or may become. */
  readonly rules: readonly Row<Rule>[];
  readonly limits: readonly Row<Limit>[];
  readonly place: (id: string) => Place | null;
  /** By `kind name`, such as `agent sales_bot`. */
  readonly declared: (name: string) => Place | null;
}

export function policyView(table: Table): PolicyView {
  const blocks = table.body.blocks.filter((block) => isHeld(block, table.body));
  const declarations = new Map(
    table.places.declarations.map(([name, file, line, column]) => [
      name,
      { file: table.places.files[file] ?? "", line, column },
    ]),
  );
  return {
    table,
    rules: blocks.flatMap((block) => block.rules.filter(isEnforced).map((row) => ({ row, block }))),
    limits: blocks.flatMap((block) => block.limits.filter(isEnforced).map((row) => ({ row, block }))),
    place: (id) => placeOf(table, id),
    declared: (name) => declarations.get(name) ?? null,
  };
}

function isHeld({ kind, name }: Block, { agents }: Table["body"]): boolean {
  return kind !== "role" || agents.some((agent) => agent.roles.includes(name) || mayBecome(agent, name));
}

function mayBecome(agent: Agent, role: string): boolean {
  return agent.may_become.some((becoming) => becoming.role === role);
}

function isEnforced({ trial }: Rule | Limit): boolean {
  return !trial;
}

export function evidenceOf(view: PolicyView, rows: readonly Row<Rule | Limit>[]): readonly Evidence[] {
  return rows.map(({ row, block }) => ({
    text: row.text,
    block: blockTitle(block),
    place: view.place(row.id),
    need: needOf(row, block, view.table),
  }));
}

function needOf(row: Rule | Limit, block: Block, { body }: Table): Need | null {
  if (someCondition(row.when, ({ op }) => op === "in_live_set")) return "live sets";
  if ("per" in row && row.per === "requester") return "limits per requester";
  if ("per" in row && row.per === "fleet") return "limits per fleet";
  const isGained = block.kind === "role" && !body.agents.some(({ roles }) => roles.includes(block.name));
  return isGained ? "elevation" : null;
}

/** A declaration as evidence, such as `agent sales_bot` with what it says. */
export function declaration(
  view: PolicyView,
  kind: string,
  name: string,
  says = "",
  need: Need | null = null,
): Evidence {
  return { text: `${kind} ${name}${says}`, block: null, place: view.declared(`${kind} ${name}`), need };
}

/** What a setting of the policy, or what stands nowhere in it, comes to. */
export function stated(text: string): Evidence {
  return { text, block: null, place: null, need: null };
}

/** A measure, where there is evidence of it. */
export function measure(what: string, evidence: readonly Evidence[]): readonly Measure[] {
  return evidence.length === 0 ? [] : [{ what, evidence }];
}

/** Something missing, where it is. */
export function gap(isOpen: boolean, what: string, help: string | null = null): readonly Gap[] {
  return isOpen ? [{ what, help, code: null, place: null }] : [];
}

/** Rules that hold something back: `never` and `ask` wherever they stand. */
export function strictRules(view: PolicyView): readonly Row<Rule>[] {
  return view.rules.filter(({ row }) => row.tier === "never" || row.tier === "ask");
}

export function hasClass(action: Action, names: readonly string[]): boolean {
  return action.classes.some((item) => names.includes(item.name));
}

/** Whether the rule or limit can be about an action of one of the classes; by name, prefix, class or `*`. */
export function concernsClass(view: PolicyView, { scope }: Rule | Limit, names: readonly string[]): boolean {
  return scope.select.some(
    (selector) =>
      (selector.kind === "class" && names.includes(selector.name)) ||
      (selector.kind !== "class" &&
        selector.kind !== "any" &&
        view.table.body.actions.some((action) => hasClass(action, names) && surelySelects(selector, action))),
  );
}

/** Whether any part of the condition passes the test. */
export function someCondition(condition: Condition | null, test: (part: Condition) => boolean): boolean {
  if (condition === null) return false;
  if (test(condition)) return true;
  switch (condition.op) {
    case "and":
    case "or":
      return condition.of.some((part) => someCondition(part, test));
    case "not":
      return someCondition(condition.of, test);
    case "every":
    case "some":
      return someCondition(condition.body, test);
    default:
      return false;
  }
}
