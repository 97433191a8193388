/** What the engine itself says to a question under a whole table. */
import { decide, type Decision, match, type Policy, prepare, type Table } from "../../../engine/index.ts";
import type { Question } from "./question.ts";

const prepared = new WeakMap<Table, Policy>();

export function decisionOn(table: Table, { request, state }: Question): Decision {
  const policy = prepared.get(table) ?? prepare(table);
  prepared.set(table, policy);
  return decide(match(policy, request), state);
}
