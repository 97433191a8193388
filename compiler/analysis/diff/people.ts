/** Groups of people, compared by who is in them and not by what they are called. */
import type { Group } from "../../../engine/index.ts";
import type { Direction } from "./policy-diff.ts";

/** `looser` where somebody comes in, `stricter` where somebody goes; both, one or neither. */
export function comparePeople(before: readonly Group[], after: readonly Group[]): readonly Direction[] {
  const old = people(before);
  const now = people(after);
  const came = [...now].some((one) => !old.has(one));
  const went = [...old].some((one) => !now.has(one));
  return [...(came ? (["looser"] as const) : []), ...(went ? (["stricter"] as const) : [])];
}

/** Addresses, and claims: whoever has one. */
function people(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(
    groups.flatMap(({ members, claim }) => [...(members ?? []), ...(claim === null ? [] : [JSON.stringify(claim)])]),
  );
}
