/** Moves what an edge can't do yet from what is enforced to what is left open: a declaration alone stops nothing. */
import type { Need } from "../../engine/index.ts";
import type { Assessment, Evidence, Gap, Measure } from "./policy-view.ts";

/** Something that the edge can't do, in words for whoever wrote the policy. */
export interface UndeliveredNeed {
  readonly need: Need;
  readonly meaning: string;
}

/** The gaps come first: somebody believes that these are closed. */
export function leftUndelivered({ enforced, open }: Assessment, undelivered: readonly UndeliveredNeed[]): Assessment {
  const restsOn = ({ need }: Evidence): boolean => undelivered.some((one) => one.need === need);
  const kept = enforced
    .map(({ what, evidence }) => ({ what, evidence: evidence.filter((one) => !restsOn(one)) }))
    .filter(({ evidence }) => evidence.length > 0);
  const gaps = enforced.flatMap((measure) => undelivered.flatMap((one) => declaredGap(measure, one)));
  return { enforced: kept, open: [...gaps, ...open] };
}

const SHOWN = 5;

function declaredGap({ what, evidence }: Measure, { need, meaning }: UndeliveredNeed): readonly Gap[] {
  const resting = evidence.filter((one) => one.need === need);
  const [first] = resting;
  if (first === undefined) return [];
  const rest = resting.length - SHOWN;
  const shown = resting.slice(0, SHOWN).map(({ text }) => `\`${text}\``);
  const names = `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  const told = `declared, not enforced by this edge yet: ${what}: ${names}`;
  return [{ what: told, help: meaning, code: null, place: first.place }];
}
