/** Limits and rules about openings that are written as before and reach other requests. */
import { maySelect } from "../../../engine/index.ts";
import type { Action, Agent, Rule, Limit } from "../../../engine/index.ts";
import { readsAgent } from "../../facts-read.ts";
import type { Tables } from "./approval-order.ts";
import { compareReach, OPENING_ACTION, type ReachOrder, type Reaching } from "./compare-reach.ts";
import type { Direction } from "./policy-diff.ts";
import { actionText, wordsOf } from "./same-at-sight.ts";

export interface Held {
  readonly agent: Agent;
  readonly row: Limit | Rule;
}

export interface ReachChange {
  readonly direction: Direction;
  readonly change: string;
}

/** What it says of requests that it reaches: `counts` for a limit, `refuses` for a rule about openings. */
export type Verb = "counts" | "refuses";

export function reachChanges(
  before: Held,
  after: Held,
  tables: Tables,
  from: number | undefined,
  verb: Verb,
): readonly ReachChange[] {
  const found = pairsFor(before.row, after.row, tables).flatMap((pair) => {
    const order = orderOn(before, after, pair, tables, from);
    return order === null ? [] : [{ name: nameOf(pair.after), order }];
  });
  const fewer = found.filter(({ order }) => order.fewer);
  const more = found.filter(({ order }) => order.more);
  const open = found.filter(({ order }) => !order.fewer && order.doubt !== null);
  const why = [...new Set(open.map(({ order }) => order.doubt))].join("; ");
  return [
    ...(fewer.length === 0 ? [] : [looser(`${verb} fewer ${namesOf(fewer)} than before`)]),
    ...(open.length === 0 ? [] : [looser(`may ${bare(verb)} fewer ${namesOf(open)} than before: ${why}`)]),
    ...(more.length === 0
      ? []
      : [{ direction: "stricter" as const, change: `${verb} more ${namesOf(more)} than before` }]),
  ];
}

function looser(change: string): ReachChange {
  return { direction: "looser", change };
}

function bare(verb: Verb): string {
  return verb.slice(0, -1);
}

function namesOf(found: readonly { readonly name: string }[]): string {
  const few = found.slice(0, 3).map(({ name }) => name);
  return `${few.join(", ")}${found.length > few.length ? ` and ${found.length - few.length} more` : ""}`;
}

function nameOf(action: Action): string {
  return action === OPENING_ACTION ? "openings" : `\`${action.name}\``;
}

interface ActionPair {
  readonly before: Action;
  readonly after: Action;
}

const pairs = new WeakMap<Tables, readonly ActionPair[]>();

/** Actions of both policies that it can be about before or after. */
function pairsFor(before: Reaching, after: Reaching, tables: Tables): readonly ActionPair[] {
  if (isAboutOpenings(after)) return [{ before: OPENING_ACTION, after: OPENING_ACTION }];
  const known = pairs.get(tables) ?? allPairs(tables);
  pairs.set(tables, known);
  return known.filter((pair) => maySelect(before, pair.before) || maySelect(after, pair.after));
}

function allPairs({ before, after }: Tables): readonly ActionPair[] {
  const old = new Map(before.body.actions.map((action) => [action.name, action]));
  return after.body.actions.flatMap((action) => {
    const known = old.get(action.name);
    return known === undefined ? [] : [{ before: known, after: action }];
  });
}

export function isAboutOpenings({ scope }: Reaching): boolean {
  return scope.select.some(
    (selector) =>
      (selector.kind === "action" && selector.name === "session.open") ||
      (selector.kind === "prefix" && selector.prefix === "session"),
  );
}

const orders = new WeakMap<Tables, Map<string, ReachOrder>>();

/** Null where nothing that it rests on differs. Agents that it doesn't ask for are compared once. */
function orderOn(
  before: Held,
  after: Held,
  pair: ActionPair,
  tables: Tables,
  from: number | undefined,
): ReachOrder | null {
  const personal = readsAgent(after.row.scope) || readsAgent(after.row.when);
  if (!personal && restsOnTheSame(pair, tables)) return null;
  const { scope, when } = after.row;
  const end = Math.min(before.agent.review_by, after.agent.review_by);
  const key = JSON.stringify([pair.after.name, scope, when, end, personal ? after.agent.name : null]);
  const known = orders.get(tables) ?? new Map<string, ReachOrder>();
  orders.set(tables, known);
  const order =
    known.get(key) ??
    compareReach(
      { agent: before.agent, action: pair.before, reaching: before.row },
      { agent: after.agent, action: pair.after, reaching: after.row },
      tables,
      from,
    );
  known.set(key, order);
  return order;
}

function restsOnTheSame(pair: ActionPair, { before, after }: Tables): boolean {
  return wordsOf(before) === wordsOf(after) && actionText(pair.before) === actionText(pair.after);
}
