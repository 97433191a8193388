/** What the policy says of opening a session, as far as the tree decides it; the rest is counted by others. Pure. */
import { decide, type LimitRow, type Remainder, type Row, settle, type State } from "../../../engine/index.ts";
import { shareKey } from "../../limits/holder.ts";
import type { AdmitInput, OpeningRefusal } from "../../rpc.ts";
import { openingRefusal } from "../opening-refusal.ts";

export type WeighedOpening =
  | { readonly kind: "refused"; readonly refusal: OpeningRefusal }
  | {
      readonly kind: "open";
      /** What is left: the limits that others count, each for certain. */
      readonly rest: Remainder;
      /** Whether a limit of the agent's own takes the place of the caps. */
      readonly limited: boolean;
    };

/** @param state of the tree; what others count isn't read */
export function weighOpening(opening: Remainder, state: State): WeighedOpening {
  const free = { used: 0n, admits_at: state.now };
  const decision = decide(opening, { ...state, used: () => free });
  const refusal = openingRefusal(decision, state.now);
  if (refusal !== null) return { kind: "refused", refusal };
  const met = opening.limits.filter((limit) => !limit.trial && counts(limit, state));
  const limits = met.map((limit) => ({ ...limit, holds: true as const }));
  const rows = opening.rows.filter(isPlainGrant);
  return {
    kind: "open",
    rest: { ...opening, rows, limits, callers: [], yields: [] },
    limited: met.some(({ agent }) => agent === null),
  };
}

/** What the agent's object is to count; of an opening that is refused anyway it only uses the credentials up. */
export function toBeCounted(
  opening: Remainder,
  weighed: WeighedOpening,
): Pick<AdmitInput, "opening" | "limited" | "against"> {
  return weighed.kind === "open"
    ? { opening: weighed.rest, limited: weighed.limited }
    : { opening: { ...opening, limits: [] }, against: weighed.refusal };
}

/** Opening has one that holds whatever the session knows. */
function isPlainGrant({ rule, may_grant, role, grants }: Row): boolean {
  return rule.tier === "allow" && !rule.trial && may_grant && role === null && grants === true;
}

function counts({ role, holds }: LimitRow, state: State): boolean {
  return (role === null || state.roles.has(role)) && settle(holds, state) !== false;
}

/** Do others count the same for both? */
export function countsSame(one: Remainder, other: Remainder): boolean {
  const keys = ({ limits }: Remainder) => limits.map((limit) => `${shareKey(limit)} ${limit.key}`).join("\n");
  return keys(one) === keys(other);
}
