/** A decision as its record tells it. */
import type { JsonObject } from "../../engine/index.ts";
import { objectOf, objectsOf, textOf, textsOf } from "./fields.ts";
import type { Entry } from "./read-log.ts";

export type Outcome = "allow" | "ask" | "deny";

export interface RecordedDecision {
  readonly entry: Entry;
  readonly action: string;
  readonly outcome: Outcome;
  readonly tier: string;
  readonly reason: string;
  readonly message: string;
  /** Hash of the table that decided. */
  readonly policy: string;
  /** Ids. */
  readonly rules: readonly string[];
  /** Of the session after it. */
  readonly labels: readonly string[];
  /** The one that it asked for or used. */
  readonly approval: string | null;
  readonly confidence: number | null;
  readonly facts: RecordedFacts | null;
}

export interface RecordedFacts {
  /** UTC milliseconds by the Worker's clock. */
  readonly at: number;
  readonly stated: readonly string[] | null;
  readonly named: string | null;
  /** Undefined: not written down; null: the platform didn't tell. */
  readonly ip: string | null | undefined;
  readonly country: string | null | undefined;
  /** Of the tool as its gateway saw it; null where it said nothing. */
  readonly tool_sha256: string | null;
  readonly inexact: boolean;
  /** Digests of the terms by approval. */
  readonly approved: ReadonlyMap<string, string>;
  readonly roles: readonly string[];
  /** By digest of set and text. */
  readonly live: ReadonlyMap<string, boolean | null>;
  /** Decimal text by counter, with the agent whose it is where it isn't the acting one's. */
  readonly counts: ReadonlyMap<string, string>;
}

export function countName(counter: string, agent: string | null): string {
  return agent === null ? counter : `${counter} ${agent}`;
}

/** Null for a record of another kind. */
export function recordedDecision(entry: Entry): RecordedDecision | null {
  const { record } = entry;
  const action = textOf(record, "action");
  const outcome = record["decision"];
  if (entry.kind !== "decision" || action === null) return null;
  if (outcome !== "allow" && outcome !== "ask" && outcome !== "deny") return null;
  const confidence = record["confidence"];
  return {
    entry,
    action,
    outcome,
    tier: textOf(record, "tier") ?? "",
    reason: textOf(record, "reason") ?? "",
    message: textOf(record, "message") ?? "",
    policy: textOf(record, "policy") ?? "",
    rules: textsOf(record, "rules"),
    labels: textsOf(record, "labels"),
    approval: textOf(record, "approval"),
    confidence: typeof confidence === "number" ? confidence : null,
    facts: factsOf(objectOf(record, "facts")),
  };
}

function factsOf(facts: JsonObject | null): RecordedFacts | null {
  const at = facts === null ? Number.NaN : Date.parse(textOf(facts, "at") ?? "");
  if (facts === null || Number.isNaN(at)) return null;
  const approved = objectsOf(facts, "approved").map((one) => {
    return [textOf(one, "name") ?? "", textOf(one, "sha256") ?? ""] as const;
  });
  const live = objectsOf(facts, "live").map((one) => [textOf(one, "sha256") ?? "", truthOf(one)] as const);
  const counts = objectsOf(facts, "counts").map((one) => {
    const name = countName(textOf(one, "counter") ?? "", textOf(one, "agent"));
    return [name, textOf(one, "used") ?? "0"] as const;
  });
  return {
    at,
    stated: Array.isArray(facts["stated"]) ? textsOf(facts, "stated") : null,
    named: textOf(facts, "named"),
    ip: platformFact(facts, "ip"),
    country: platformFact(facts, "country"),
    tool_sha256: textOf(facts, "tool_sha256"),
    inexact: facts["inexact"] === true,
    approved: new Map(approved),
    roles: textsOf(facts, "roles"),
    live: new Map(live),
    counts: new Map(counts),
  };
}

function truthOf({ has }: JsonObject): boolean | null {
  return typeof has === "boolean" ? has : null;
}

function platformFact(facts: JsonObject, name: string): string | null | undefined {
  return name in facts ? textOf(facts, name) : undefined;
}
