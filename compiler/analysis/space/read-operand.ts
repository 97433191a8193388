/** Where an operand's value comes from. */
import type { Action, Agent, Literal, Operand, Table } from "../../../engine/index.ts";
import { parseDecimal } from "../../../engine/index.ts";
import type { Site } from "./use.ts";

/** What the names of a condition mean while it is read. */
export interface Reading {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  /** The list whose elements the enclosing quantifier's variable stands for; null where it doesn't vary. */
  readonly element: Site | null;
}

/** Null for what doesn't vary between requests of one agent: literals and facts of the agent. */
export function siteOf(operand: Operand, reading: Reading): Site | null {
  switch (operand.from) {
    case "literal":
      return null;
    case "args":
      return { facet: `args.${operand.path[0] ?? ""}`, path: operand.path.slice(1) };
    case "variable":
      return reading.element && { ...reading.element, path: [...reading.element.path, "*", ...operand.path] };
    case "fact":
      return FACT_SITES[operand.fact] ?? null;
  }
}

const FACT_SITES: { readonly [fact: string]: Site } = {
  environment: { facet: "environment", path: [] },
  "requester.id": { facet: "requester", path: ["id"] },
  "requester.groups": { facet: "requester", path: ["groups"] },
  "request.ip": { facet: "request.ip", path: [] },
  "request.country": { facet: "request.country", path: [] },
  "request.time": { facet: "time", path: [] },
  "claimed.confidence": { facet: "claimed.confidence", path: [] },
  "session.id": { facet: "session.id", path: [] },
  "session.age": { facet: "history", path: ["age"] },
  "session.calls": { facet: "history", path: ["calls"] },
};

/** A literal as a point: numbers scaled by 10^6, times and durations as they are. Null for texts and flags. */
export function pointOf(literal: Literal): bigint | null {
  if (literal.type === "number") return parseDecimal(literal.value);
  return literal.type === "time" || literal.type === "duration" ? BigInt(literal.value) : null;
}

export function isResource(operand: Operand): boolean {
  return operand.from === "fact" && operand.fact === "resource";
}

export function isLabels(operand: Operand): boolean {
  return operand.from === "fact" && operand.fact === "session.labels";
}

/** A text that is the same for every request of the agent; null for what isn't one. */
export function ownText(operand: Operand, { agent }: Reading): string | null {
  if (operand.from === "literal") return operand.literal.type === "string" ? operand.literal.value : null;
  if (operand.from !== "fact") return null;
  return operand.fact === "agent.id" ? agent.name : operand.fact === "agent.owner" ? agent.owner : null;
}
