/** For services that can't remember which permits they have seen: the edge does, and knows what was killed meanwhile. */
import { PermitError } from "./permit-error.ts";
import type { Seen } from "./permit.ts";
import { edgeOrigin } from "./transport.ts";

/**
 * `seen` for `verify`: uses this permit up at the edge. What was killed since it was signed is refused (`killed`).
 * Throws a TypeError for an address that can't be.
 */
export function redeemedAt(
  edge: string | URL,
  permit: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Seen {
  const origin = edgeOrigin(edge);
  return async (jti) => {
    const response = await fetch(`${origin}/v1/permits/${encodeURIComponent(jti)}/redeem`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ permit }),
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    const body: unknown = await response.json();
    if (response.status === 200 && member(body, "redeemed") === true && member(body, "jti") === jti) return false;
    if (response.status === 409 && member(body, "type") === "urn:agentpolicy:problem:conflict") return true;
    if (response.status === 409 && member(body, "type") === "urn:agentpolicy:problem:killed")
      throw new PermitError("killed", "a kill switch stops this since the permit was signed");
    throw new Error(`the edge answered ${response.status}`);
  };
}

function member(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null && Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
}
