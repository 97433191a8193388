/** What requests of one agent for one action come to, each with an example, as the engine itself says. */
import type { Table } from "../../engine/index.ts";
import { type CellPlace, partsOf, readsClock } from "../analysis/space/cell-key.ts";
import { decisionOn } from "../analysis/space/decision-on.ts";
import { possibleOutcomes, type PossibleOutcome, type SpaceOptions } from "../analysis/space/possible-outcomes.ts";
import { statedSession } from "../analysis/witness/stated-session.ts";
import { factsRead } from "../facts-read.ts";
import type { Example } from "./cell.ts";
import { type CellOutcome, distinct, type Outcome } from "./outcome.ts";

export interface ReachedOutcomes {
  /** Loosest first. */
  readonly outcomes: readonly CellOutcome[];
  /** Why one may be missing; null where none is. */
  readonly inexact: string | null;
}

export interface ReachedPlace extends CellPlace {
  /** A role that the session has gained. */
  readonly gained: string | null;
  /** Gives the id of an example. */
  readonly keep: (example: Example) => string;
  readonly options: SpaceOptions;
}

/**
 * Of denials a rule's counts and that nothing grants; a person who lacks, and a limit that a single request doesn't
 * fit, only where there is nothing else.
 */
export function reachedOutcomes(place: ReachedPlace): ReachedOutcomes {
  const { table, blocks, gained } = place;
  const { outcomes, inexact } = possibleOutcomes(place, { ...place.options, denials: true, blocks });
  const told = outcomes
    .map((one) => (gained === null ? one : withRole(one, gained)))
    .map((one) => ({ one, tier: tierOf(one, table) }));
  const shown = told.flatMap(({ one, tier }) => (tier === null ? [] : [outcomeOf(one, tier, place)]));
  const aside = told.flatMap(({ one, tier }) => (tier === null ? [one] : []));
  const beside = aside.filter(({ fate: { denial } }) => denial === "limit" || denial === "requester");
  return {
    outcomes: distinct(shown.length > 0 ? shown : beside.map((one) => outcomeOf(one, "never", place))),
    inexact: inexact ?? (beside.length < aside.length ? "a request that can't be put together" : null),
  };
}

function withRole({ fate, question }: PossibleOutcome, role: string): PossibleOutcome {
  const state = { ...question.state, roles: new Set([...question.state.roles, role]) };
  return { fate, question: { ...question, state } };
}

/** Null for what isn't shown, and for what the engine doesn't confirm. */
function tierOf({ fate, question }: PossibleOutcome, table: Table): Outcome["tier"] | null {
  const { decision, tier, reason } = decisionOn(table, question);
  if (decision !== "deny") return decision === (fate.tier === "ask" ? "ask" : "allow") ? tier : null;
  if (fate.denial === "never" && reason === "rule") return "never";
  return fate.denial === "grant" && (reason === "no_rule" || reason === "unknown_fact") ? "none" : null;
}

function outcomeOf(one: PossibleOutcome, tier: Outcome["tier"], place: ReachedPlace): CellOutcome {
  return { tier, via: tier === "ask" ? one.fate.via : [], example: place.keep(exampleOf(one, place)) };
}

/** The time is told where something reads it. The name of the session can't be stated. */
function exampleOf({ question }: PossibleOutcome, place: ReachedPlace): Example {
  const { session, whole } = statedSession(place.table, question);
  const { at: _, ...timeless } = session;
  const named = partsOf(place).some((part) => factsRead(part).has("session.id"));
  return { args: question.request.args, session: readsClock(place) ? session : timeless, whole: whole && !named };
}
