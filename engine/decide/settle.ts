/** What `match` left, settled by what the session knows. After this nothing is pending. */
import type { Rest } from "../remainder.ts";
import type { State } from "../state.ts";
import { satisfies } from "../formula/comparison.ts";
import { FALSE, TRUE, UNKNOWN } from "../formula/truth.ts";
import { mentions } from "./mentions.ts";

export type Settled = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export function settle(rest: Rest, state: State): Settled {
  if (rest === true) return TRUE;
  if (rest === false) return FALSE;
  switch (rest.op) {
    case "unknown":
      return UNKNOWN;
    case "and":
      return settleAll(rest.of, state, FALSE);
    case "or":
      return settleAll(rest.of, state, TRUE);
    case "not":
      return opposite(settle(rest.of, state));
    case "session_has":
      return state.labels.has(rest.label) ? TRUE : FALSE;
    case "session_did":
      return state.did(rest.action, rest.same, rest.within) ? TRUE : FALSE;
    case "live_has":
      return settleLive(state.live(rest.set, rest.value));
    case "task_mentions":
      return settleMentions(rest.tokens, state.task);
    case "session_compare": {
      const value = rest.fact === "session.calls" ? state.calls : state.now - state.opened_at;
      return satisfies(rest.by, value, rest.value) ? TRUE : FALSE;
    }
  }
}

function settleAll(parts: readonly Rest[], state: State, decisive: Settled): Settled {
  let result: Settled = decisive === FALSE ? TRUE : FALSE;
  for (const part of parts) {
    const settled = settle(part, state);
    if (settled === decisive) return decisive;
    if (settled === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

function opposite(settled: Settled): Settled {
  return settled === TRUE ? FALSE : settled === FALSE ? TRUE : UNKNOWN;
}

function settleLive(holds: boolean | null): Settled {
  return holds === null ? UNKNOWN : holds ? TRUE : FALSE;
}

function settleMentions(tokens: readonly string[], task: string | undefined): Settled {
  if (task === undefined) return UNKNOWN;
  return tokens.every((token) => mentions(task, token)) ? TRUE : FALSE;
}

/** Adds the facts that left a formula unknown; call it only for one that settles to unknown. */
export function collectUnknown(rest: Rest, state: State, facts: Set<string>): void {
  if (typeof rest === "boolean" || settle(rest, state) !== UNKNOWN) return;
  if (rest.op === "unknown") for (const fact of rest.facts) facts.add(fact);
  else if (rest.op === "and" || rest.op === "or") for (const part of rest.of) collectUnknown(part, state, facts);
  else if (rest.op === "not") collectUnknown(rest.of, state, facts);
  else if (rest.op === "task_mentions") facts.add("task");
  else if (rest.op === "live_has") facts.add(`live set ${rest.set}`);
}
