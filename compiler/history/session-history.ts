/**
 * What a session knew before each of its requests, as far as its log tells: what it was opened with, what was admitted,
 * and which labels the policy that is tried gives for that. What the log doesn't tell any more is "perhaps".
 */
import {
  canonicalArgs,
  checkArgs,
  type JsonObject,
  type Requester,
  sameHolds,
  type Table,
} from "../../engine/index.ts";
import type { Suppose } from "./every-way.ts";
import { isFields, objectOf, textOf, textsOf } from "./fields.ts";
import { isWithheld } from "./known-task.ts";
import type { Entry, Log } from "./read-log.ts";

/** What it was opened with. */
export interface Start {
  readonly at: number;
  readonly environment: string;
  readonly requester: Requester | null;
  /** As the edge took it: null where none was stated, nobody vouched for it, or it was withheld. */
  readonly task: string | null;
  /** The edge decided by one that it found something in, and didn't write down. */
  readonly task_withheld: boolean;
}

export interface SessionHistory {
  /** Null where the log doesn't begin with the opening. */
  readonly start: Start | null;
  readonly calls: number;
  labels(suppose: Suppose): ReadonlySet<string>;
  did(past: Asked, suppose: Suppose): boolean;
  /** Labels that it has, or perhaps has. */
  give(labels: readonly string[], surely: boolean): void;
  clear(labels: readonly string[]): void;
  /** Labels as the edge itself wrote them down. */
  know(labels: readonly string[]): void;
  admit(action: string, args: JsonObject | null, at: number): void;
}

/** `session did`, as the remainder asks it. */
export interface Asked {
  readonly action: string;
  readonly same: string | null;
  readonly within: number | null;
  readonly now: number;
}

interface Past {
  readonly action: string;
  /** Canonical JSON; null: not known any more. */
  readonly args: string | null;
  readonly at: number;
}

export function openHistory(log: Log, table: Table): SessionHistory {
  const labels = new Map<string, "surely" | "perhaps">();
  const admitted: Past[] = [];
  const actions = new Map(table.body.actions.map((action) => [action.name, action]));
  const canonical = (name: string, args: JsonObject | null): string | null => {
    const action = actions.get(name);
    return action === undefined || args === null || checkArgs(action, args).length > 0
      ? null
      : canonicalArgs(action, args);
  };
  return {
    start: startOf(log),
    get calls() {
      return admitted.length;
    },
    labels: (suppose) => {
      const known = new Set([...labels].flatMap(([label, how]) => (how === "surely" ? [label] : [])));
      const has = (label: string): boolean =>
        known.has(label) || (labels.get(label) === "perhaps" && suppose(`whether the session had label \`${label}\``));
      return Object.assign(new Set(known), { has });
    },
    did: (asked, suppose) => {
      const { action, same } = asked;
      const past = admitted.filter((one) => one.action === action && isWithin(one, asked));
      if (past.some(({ args }) => same === null || (args !== null && sameHolds(same, args)))) return true;
      return past.some(({ args }) => args === null) && suppose(`with which arguments it did \`${action}\` before`);
    },
    give: (more, surely) => {
      for (const label of more) if (labels.get(label) !== "surely") labels.set(label, surely ? "surely" : "perhaps");
    },
    clear: (gone) => {
      for (const label of gone) labels.delete(label);
    },
    know: (all) => {
      labels.clear();
      for (const label of all) labels.set(label, "surely");
    },
    admit: (action, args, at) => void admitted.push({ action, args: canonical(action, args), at }),
  };
}

function isWithin({ at }: Past, { within, now }: Asked): boolean {
  return within === null || now - at <= within;
}

/** Null where the log doesn't begin with the opening. */
export function startOf({ whole, entries }: Log): Start | null {
  const [first] = entries;
  if (!whole || first?.kind !== "session.opened") return null;
  const { record, at } = first;
  const requester = textOf(record, "requester");
  const task = textOf(record, "task");
  const task_withheld = isWithheld(task);
  return {
    at,
    environment: textOf(record, "environment") ?? "",
    requester: requester === null ? null : requesterOf(requester, record),
    task: task_withheld ? null : task,
    task_withheld,
  };
}

function requesterOf(id: string, record: JsonObject): Requester {
  const email = textOf(record, "requester_email");
  return { id, ...(email === null ? {} : { email }), claims: claimsOf(objectOf(record, "requester_claims") ?? {}) };
}

function claimsOf(claims: JsonObject): Requester["claims"] {
  const read = Object.entries(claims).map(([name, value]) => [
    name,
    typeof value === "string" ? value : textsOf(claims, name),
  ]);
  return Object.fromEntries(read) as Requester["claims"];
}

/** Arguments as the engine reads them; null where none stand beside the record. */
export function argumentsOf({ args }: Entry): JsonObject | null {
  if (args === null) return null;
  const value = JSON.parse(args) as JsonObject;
  return isFields(value) ? value : null;
}
