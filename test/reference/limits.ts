/** What a limit counts of a request, and whether it is over (docs/language.md, "Limits"). */
import type { LimitNode, PathExpression } from "../../dsl/ast.ts";
import { readPath, type Situation } from "./facts.ts";
import { isUnknown } from "./truth.ts";
import { scaledNumber, type Value } from "./values.ts";

export interface Counted {
  readonly key: string;
  /** Scaled by 10^6. */
  readonly amount: bigint;
  readonly n: bigint;
  readonly over: boolean;
  readonly via: string | null;
  /** Whose count it is, where each agent has its own; else empty. */
  readonly agent: string;
  /** Facts without which it can't be counted. */
  readonly uncounted: readonly string[];
}

export function limitSeen(limit: LimitNode, situation: Situation): Counted {
  const key = JSON.stringify(limit.keys.map((path) => keyValue(path, situation)));
  const amount = limit.total === null ? 1_000_000n : amountOf(readPath(limit.total, situation));
  const n = scaledNumber(limit.to.text) ?? 0n;
  const window = limit.in?.milliseconds ?? null;
  const per = limit.per.value;
  const agent = per === "agent" ? situation.agent.name.value : "";
  const used = situation.state.used({ per, agent, key, window });
  const over = used === null || used + amount > n;
  const uncounted = used === null ? [`count per ${per}`] : [];
  return { key, amount, n, over, via: limit.via?.value ?? null, agent, uncounted };
}

function amountOf(value: Value | object): bigint {
  if ("kind" in value && value.kind === "number" && "scaled" in value) return value.scaled;
  throw new Error("a total must be a required number");
}

function decimalText(scaled: bigint): string {
  const digits = String(scaled % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return digits === "" ? String(scaled / 1_000_000n) : `${scaled / 1_000_000n}.${digits}`;
}

function keyValue(path: PathExpression, situation: Situation): unknown {
  const value = readPath(path, situation);
  if (isUnknown(value)) return null;
  switch (value.kind) {
    case "text":
    case "email":
    case "url":
      return value.text;
    case "bool":
      return String(value.value);
    case "number":
      return decimalText(value.scaled);
    default:
      throw new Error(`a ${value.kind} is no key`);
  }
}
