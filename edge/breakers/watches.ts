/** Which breakers count what, and where: the meaning of `when EVENT per SCOPE`. Pure. */
import type { Breaker, BreakerEvent } from "../../engine/index.ts";
import type { Happening, Holder, Scene } from "../rpc.ts";

/** Whether the event counts or waits for happenings of this kind. */
export function watches(event: BreakerEvent, kind: Happening["kind"]): boolean {
  switch (event.kind) {
    case "canary":
      return kind === "canary";
    case "count":
      // What is denied for a canary is denied as well.
      return event.what === "failed" ? kind === "failed" : kind === "denied" || kind === "canary";
    case "ratio":
      return kind === "failed" || kind === "done";
    case "usual":
    case "first_use":
      return kind === "called";
  }
}

/**
 * The object that counts for the breaker; `session`: the session's own, which has no past to compare with (null). Without a
 * person behind it a session is counted by itself.
 */
export function counterHolder({ per, event }: Breaker, { agent, requester }: Scene): Holder | "session" | null {
  switch (per) {
    case "session":
      return event.kind === "usual" || event.kind === "first_use" ? null : "session";
    case "agent":
      return `agent ${agent}`;
    case "requester":
      if (requester !== null) return `requester ${requester}`;
      return event.kind === "usual" || event.kind === "first_use" ? null : "session";
    case "fleet":
      return "fleet";
  }
}

/**
 * Names a breaker's count: it survives a change of the threshold and of what is killed, and begins anew with any other.
 */
export function counterOf({ name, per, event }: Breaker): string {
  return JSON.stringify([name, per, ...countedBy(event)]);
}

function countedBy(event: BreakerEvent): readonly (string | number)[] {
  switch (event.kind) {
    case "count":
      return [event.kind, event.what, event.within];
    case "ratio":
    case "usual":
      return [event.kind, event.within];
    case "first_use":
    case "canary":
      return [event.kind];
  }
}
