/** As whom the edge flips switches by itself. In a switch's `by` they are `edge#flood` and `edge#breaker NAME`. */
import type { PersonRef } from "./rpc.ts";

export const FLOOD_AUTHOR: PersonRef = edgeAuthor("flood");

export function breakerAuthor(breaker: string): PersonRef {
  return edgeAuthor(`breaker ${breaker}`);
}

function edgeAuthor(sub: string): PersonRef {
  return { iss: "edge", sub, email: null, claims: {} };
}
