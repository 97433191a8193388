/** Delegation: which agents an agent may call, and for what; also where a selector reaches further than it did. */
import { selects } from "../../../engine/index.ts";
import type { Action, Agent, MayCall, Selector, Table } from "../../../engine/index.ts";
import { wordsRead } from "../space/words-read.ts";
import type { Tables } from "./approval-order.ts";
import type { AgentChange } from "./agent-changes.ts";
import { listed } from "./listed.ts";

export function callChanges(before: Agent, after: Agent, tables: Tables): readonly AgentChange[] {
  return [
    ...after.may_call.flatMap((call) => changeOf(call, before.may_call, tables)),
    ...before.may_call.flatMap((call) => lostCall(call, after.may_call)),
  ];
}

function changeOf(now: MayCall, before: readonly MayCall[], tables: Tables): readonly AgentChange[] {
  const old = before.find((one) => one.agent === now.agent);
  if (old === undefined) return [looser(`may call \`${now.agent}\` for ${selectorsText(now.select)}`)];
  const added = now.select.filter((one) => !covers(old.select, one));
  const gone = old.select.filter((one) => !covers(now.select, one));
  return [
    ...(added.length === 0 ? [] : [looser(`may call \`${now.agent}\` also for ${selectorsText(added)}`)]),
    ...(gone.length === 0 ? [] : [stricter(`may not call \`${now.agent}\` for ${selectorsText(gone)} any more`)]),
    ...(added.length + gone.length === 0 ? reached(old, now, tables) : []),
  ];
}

function looser(change: string): AgentChange {
  return { direction: "looser", change };
}

function stricter(change: string): AgentChange {
  return { direction: "stricter", change };
}

/** Does one of them select, today and later, all that this one does? */
function covers(list: readonly Selector[], one: Selector): boolean {
  const text = JSON.stringify(one);
  return list.some((other) => {
    if (other.kind === "any" || JSON.stringify(other) === text) return true;
    if (other.kind !== "prefix") return false;
    const start = `${other.prefix}.`;
    return one.kind === "action" ? one.name.startsWith(start) : one.kind === "prefix" && one.prefix.startsWith(start);
  });
}

/** The same words may mean other actions: new ones, and ones of another class. */
function reached(old: MayCall, now: MayCall, { before, after }: Tables): readonly AgentChange[] {
  const known = new Map(before.body.actions.map((action) => [action.name, action]));
  const changes = after.body.actions.flatMap((action) => {
    const was = reachOf(old.select, known.get(action.name), before);
    const is = reachOf(now.select, action, after);
    return was === is ? [] : [{ name: action.name, was, is }];
  });
  const told = (some: typeof changes): string => listed(some.map(({ name }) => `\`${name}\``));
  const grown = changes.filter(({ was, is }) => was === "" && is !== "");
  const lost = changes.filter(({ was, is }) => was !== "" && is === "");
  const other = changes.filter(({ was, is }) => was !== "" && is !== "");
  const words = selectorsText(now.select);
  return [
    ...(grown.length === 0 ? [] : [looser(`may call \`${now.agent}\` for ${told(grown)} too, now meant by ${words}`)]),
    ...(other.length === 0
      ? []
      : [looser(`may call \`${now.agent}\` for ${told(other)} in other cases, as ${words} means it now`)]),
    ...(lost.length === 0
      ? []
      : [stricter(`may not call \`${now.agent}\` for ${told(lost)} any more, no longer meant by ${words}`)]),
  ];
}

/** By which selectors, and where a class depends on arguments in which cases; empty where by none. */
function reachOf(select: readonly Selector[], action: Action | undefined, table: Table): string {
  if (action === undefined) return "";
  if (select.some((one) => selects(one, action, true))) return "always";
  const cases = action.classes.filter(({ name }) => select.some((one) => one.kind === "class" && one.name === name));
  return cases.length === 0 ? "" : JSON.stringify([cases, wordsRead(table, cases)]);
}

function lostCall({ agent }: MayCall, after: readonly MayCall[]): readonly AgentChange[] {
  return after.some((one) => one.agent === agent) ? [] : [stricter(`may not call \`${agent}\` any more`)];
}

function selectorsText(select: readonly Selector[]): string {
  return listed(select.map(selectorText));
}

function selectorText(selector: Selector): string {
  if (selector.kind === "any") return "`*`";
  return selector.kind === "prefix" ? `\`${selector.prefix}.*\`` : `\`${selector.name}\``;
}
