/**
 * `X-Request-ID`: what the caller calls its request comes back with the answer (OpenID AuthZEN Authorization API 1.0,
 * "Request Identification"); who says nothing gets a random one, which stands in the edge's log where something fails.
 */

/** Longer ones, and those that no header field could hold, are none. */
const SOUND = /^[\x20-\x7e]{1,256}$/;

export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-ID") ?? "";
  return SOUND.test(given) ? given : crypto.randomUUID();
}
