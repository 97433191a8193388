/** `session.open`: opening a session is an action that every policy has, for `never` and limits to name. */
import type { Fix, LimitNode, RuleNode, SelectorNode } from "../../dsl/index.ts";
import { type Action, OPENING, type Scope, type Selector } from "../../engine/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import type { Report } from "../report.ts";
import { compareText } from "../sorted-set.ts";

/** `OPENING` is of no class and on nothing, so that only these select it: `*` is about what a session does. */
export function selectsOpening(selector: Selector): boolean {
  return (
    (selector.kind === "action" && selector.name === SESSION_OPEN) ||
    (selector.kind === "prefix" && SESSION_OPEN.startsWith(`${selector.prefix}.`))
  );
}

/** The actions, and the opening of sessions where it is selected and not excepted. Sorted by name. */
export function withOpening(
  actions: readonly Action[],
  { select, except, on }: Pick<Scope, "select" | "except" | "on">,
): readonly Action[] {
  if (on !== null || !select.some(selectsOpening) || except.some(selectsOpening)) return actions;
  return [...actions, OPENING].toSorted((a, b) => compareText(a.name, b.name));
}

/** True, with a message, where `ask` or `notify` would seem to be about openings: it never is. */
export function refuseOpeningPrefix(node: RuleNode, report: Report): boolean {
  if (node.tier !== "ask" && node.tier !== "notify") return false;
  const prefix = node.select.find(isOpeningPrefix);
  if (!prefix || node.except.some(namesOpening)) return false;
  report.error("AP3103", {
    span: prefix.span,
    message: `\`session.*\` takes in \`session.open\`, which \`${node.tier}\` can't be about`,
    label: node.tier === "ask" ? "nobody can be asked before there is a session" : "opening a session tells nobody",
    help: "add `except session.open`, and bound it with `limit session.open to N in D per agent`",
    fix: exceptOpening(node),
  });
  return true;
}

/** What the rule says today, since it never is about openings; null where it excepts something already. */
function exceptOpening(node: RuleNode): Fix | null {
  const last = node.select.at(-1);
  if (!last || node.except.length > 0) return null;
  const { source, end } = last.span;
  return {
    title: "leave `session.open` out",
    edits: [{ span: { source, start: end, end }, text: " except session.open" }],
  };
}

function isOpeningPrefix(node: SelectorNode): boolean {
  return node.kind === "PrefixSelector" && SESSION_OPEN.startsWith(`${node.name.value}.`);
}

function namesOpening(node: SelectorNode): boolean {
  return isOpeningPrefix(node) || (node.kind === "NameSelector" && node.name.value === SESSION_OPEN);
}

/** True, with a message, for a limit that can't count openings. */
export function refuseOpeningLimit(node: LimitNode, actions: readonly Action[], report: Report): boolean {
  if (!actions.includes(OPENING)) return false;
  if (node.per.value === "session") {
    report.error("AP3104", {
      span: node.per.span,
      message: "openings can't be counted per session",
      label: "each session is opened once",
      help: "write `per agent`, `per requester` or `per fleet`",
    });
    return true;
  }
  if (node.via === null) return false;
  report.error("AP3104", {
    span: node.via.span,
    message: "nobody can be asked to open a session",
    label: "there is no session to ask from",
    help: "remove `then ask`: beyond the limit no session opens",
  });
  return true;
}
