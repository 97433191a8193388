/** Asks the engine how each row of a side stands, and how each of its conditions does, in one request. */
import {
  type Condition,
  type JsonObject,
  type Limit,
  match,
  type Policy,
  prepare,
  type Rule,
  settle,
  type Table,
} from "../../../engine/index.ts";
import type { Effect } from "./effect.ts";
import { NO_EFFECT } from "./effect.ts";
import { EVERYTHING, madeRule } from "./made-rule.ts";
import type { Question } from "./question.ts";
import type { Side, SpaceRow } from "./side.ts";

export interface Probe {
  /** What each row does, in the order of the side's rows. Null where the request is denied before any rule. */
  readonly effects: (question: Question) => readonly Effect[] | null;
  /** One letter for each of the conditions: true, false, unknown. */
  readonly truths: (question: Question, conditions: readonly Condition[]) => string;
  /** Faults that the side finds in the request, as JSON pointers; null where it finds none. */
  readonly faults: (question: Question) => readonly string[] | null;
}

export function probeOf(side: Side): Probe {
  const policy = prepare(probeTable(side, side.rows.map(ruleFor), limitsOf(side)));
  const bare = prepare(probeTable(side, [], []));
  const conditions = conditionProbe(side);
  return {
    effects: (question) => effectsOf(side, policy, question),
    truths: conditions,
    faults: (question) => {
      const { denied } = match(bare, requestFor(question));
      return denied === null ? null : denied.faults.map(({ pointer }) => pointer);
    },
  };
}

/** One agent, one action, and rules that only restrict: so every one of them is asked, and none hides another. */
function probeTable({ table, agent, action }: Side, rules: readonly Rule[], limits: readonly Limit[]): Table {
  const alone = {
    ...agent,
    review_by: Number.MAX_SAFE_INTEGER,
    requester_required: false,
    may_call: [],
    may_become: [],
  };
  const blocks = [{ kind: "every" as const, name: "", rules, limits }];
  const body = { ...table.body, agents: [alone], actions: [action], blocks, gateways: [], canaries: [], breakers: [] };
  return { ...table, body };
}

function ruleFor({ rule, limit }: SpaceRow, at: number): Rule {
  const { scope = EVERYTHING, when = null } = rule ?? limit ?? {};
  return madeRule(`r${at}`, "never", { scope, when, until: rule?.until ?? null });
}

/** For the amounts; whom they count for plays no part at a fresh count. */
function limitsOf({ rows }: Side): readonly Limit[] {
  return rows.flatMap(({ kind, limit }, at) =>
    kind === "limit" && limit !== null ? [{ ...limit, id: `r${at}`, per: "session" as const, keys: [] }] : [],
  );
}

function requestFor({ request }: Question): Question["request"] {
  return request;
}

function effectsOf(side: Side, policy: Policy, question: Question): readonly Effect[] | null {
  const rest = match(policy, requestFor(question));
  if (rest.denied !== null) return null;
  const rows = new Map(rest.rows.map((row) => [row.rule.id, row]));
  const limits = new Map(rest.limits.map((limit) => [limit.id, limit]));
  return side.rows.map((row, at) => {
    const found = rows.get(`r${at}`);
    if (found === undefined) return NO_EFFECT;
    if (row.role !== null && !question.state.roles.has(row.role)) return NO_EFFECT;
    const holds = settle(found.restricts, question.state) !== false;
    if (row.kind === "requester") return holds && question.request.requester === undefined ? NOBODY : NO_EFFECT;
    if (row.kind === "limit") {
      const counted = limits.get(`r${at}`);
      return holds && counted !== undefined && counted.amount > counted.n ? overEffect(row) : NO_EFFECT;
    }
    return ruleEffect(row, settle(found.grants, question.state) === true, holds);
  });
}

const NOBODY: Effect = { ...NO_EFFECT, denial: "requester" };

function overEffect({ limit }: SpaceRow): Effect {
  const via = limit?.via ?? null;
  return via === null ? { ...NO_EFFECT, denial: "limit" } : { ...NO_EFFECT, via: [via] };
}

/** Grants when true, restricts unless false (`docs/language.md`, "Rules"). */
function ruleEffect({ rule, mayGrant }: SpaceRow, isTrue: boolean, holds: boolean): Effect {
  if (rule === null) return NO_EFFECT;
  const grants = mayGrant && rule.tier !== "never" && isTrue;
  const takesPart = grants || (rule.tier !== "allow" && holds);
  if (!takesPart) return NO_EFFECT;
  return { grants, denial: rule.tier === "never" ? "never" : null, via: rule.via, to: rule.to };
}

/** Conditions are prepared once for each list of them that is asked about. */
function conditionProbe(side: Side): Probe["truths"] {
  const prepared = new WeakMap<readonly Condition[], Policy>();
  return (question, conditions) => {
    const rules = conditions.map((when, at) => madeRule(`r${at}`, "never", { when }));
    const policy = prepared.get(conditions) ?? prepare(probeTable(side, rules, []));
    prepared.set(conditions, policy);
    const rest = match(policy, requestFor(question));
    const rows = new Map(rest.rows.map((row) => [row.rule.id, row]));
    return conditions
      .map((_, at) => {
        const truth = settle(rows.get(`r${at}`)?.restricts ?? false, question.state);
        return truth === true ? "t" : truth === false ? "f" : "u";
      })
      .join("");
  };
}

export type Args = JsonObject;
