/** Facts that conditions read, with their types (`docs/language.md`, "Conditions"). */
import { assertNever } from "../assert-never.ts";
import { type Fact, FACTS, type ParamType } from "../../engine/index.ts";
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

export function isFact(text: string): text is Fact {
  return (FACTS as readonly string[]).includes(text);
}

/** Names of this policy are closed lists, so that a misspelt one is found. */
export function factType(context: Context, fact: Fact): ValueType {
  const { by } = context.names;
  const names = (kind: "agent" | "role" | "group" | "label"): ParamType => ({
    kind: "enum",
    values: [...by[kind].keys()].toSorted(),
  });
  switch (fact) {
    case "agent.id":
      return names("agent");
    case "agent.owner":
    case "session.id":
    case "resource":
      return STRING;
    case "agent.roles":
      return listOf(names("role"));
    case "environment":
      return { kind: "enum", values: context.environments };
    case "requester.id":
      return { kind: "principal" };
    case "requester.groups":
      return listOf(names("group"));
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
      return listOf(names("label"));
    default:
      return assertNever(fact);
  }
}
