/** Who keeps the count of a limit that sessions share. */
import type { LimitRow } from "../../engine/index.ts";
import type { Holder } from "../rpc.ts";

/** Whose limit it is: the acting agent and the person behind the session, by id. */
export interface Payer {
  readonly agent: string;
  readonly requester: string | null;
}

/** Null for what the session counts by itself. */
export function holderOf({ per, agent }: Pick<LimitRow, "per" | "agent">, payer: Payer): Holder | null {
  switch (per) {
    case "session":
      return null;
    case "agent":
      return `agent ${agent ?? payer.agent}`;
    case "requester":
      // Where nobody stands behind the session such a limit denies before anything is counted.
      if (payer.requester === null) throw new Error("a limit per requester without a requester");
      return `requester ${payer.requester}`;
    case "fleet":
      return "fleet";
  }
}

/** Names the row among those of one request: a role's limit is the acting agent's, and its caller's once more. */
export function shareKey({ id, agent }: Pick<LimitRow, "id" | "agent">): string {
  return `${id} ${agent ?? ""}`;
}
