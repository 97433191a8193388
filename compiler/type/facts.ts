/** Facts that conditions read, with their types (`docs/language.md`, "Conditions"). */
import { assertNever } from "../assert-never.ts";
import type { Fact } from "../../engine/index.ts";
import type { Context } from "../resolve/context.ts";
import { DECIMAL, INT, listOf, STRING, type ValueType } from "./value-type.ts";

/** First words of facts; a define's parameter or a quantifier's element of the same name hides them. */
export const FACT_ROOTS: readonly string[] = [
  "agent",
  "environment",
  "session",
  "requester",
  "request",
  "resource",
  "claimed",
];

export const FACTS: readonly Fact[] = [
  "agent.id",
  "agent.owner",
  "agent.roles",
  "environment",
  "requester.id",
  "requester.groups",
  "resource",
  "request.ip",
  "request.country",
  "request.time",
  "claimed.confidence",
  "session.id",
  "session.age",
  "session.calls",
  "session.labels",
];

export function isFact(text: string): text is Fact {
  return (FACTS as readonly string[]).includes(text);
}

/** Names of this policy are closed lists, so that a misspelt one is found. */
export function factType(context: Context, fact: Fact): ValueType {
  const { by } = context.names;
  const names = (kind: "agent" | "role" | "group" | "label"): ValueType => ({
    kind: "enum",
    values: [...by[kind].keys()].toSorted(),
  });
  const listOfNames = (kind: "role" | "group" | "label"): ValueType =>
    listOf({ kind: "enum", values: [...by[kind].keys()].toSorted() });
  switch (fact) {
    case "agent.id":
      return names("agent");
    case "agent.owner":
    case "session.id":
    case "resource":
      return STRING;
    case "agent.roles":
      return listOfNames("role");
    case "environment":
      return { kind: "enum", values: context.environments };
    case "requester.id":
      return { kind: "principal" };
    case "requester.groups":
      return listOfNames("group");
    case "request.ip":
      return { kind: "ip" };
    case "request.country":
      return { kind: "country" };
    case "request.time":
      return { kind: "timestamp" };
    case "claimed.confidence":
      return DECIMAL;
    case "session.age":
      return { kind: "duration" };
    case "session.calls":
      return INT;
    case "session.labels":
      return listOfNames("label");
    default:
      return assertNever(fact);
  }
}
