/**
 * `X-Request-ID`: what the caller calls its request comes back with the answer (OpenID AuthZEN Authorization API 1.0,
 * "Request Identification"); who says nothing gets a random one. Where something fails it stands in the edge's log, too,
 * unless it may be more than a name: a log is read by people and programs, and no place for a caller's words or tokens.
 */

/** Longer ones, and those that no header field could hold, are none. */
const SOUND = /^[\x20-\x7e]{1,256}$/;

export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-ID") ?? "";
  return SOUND.test(given) ? given : crypto.randomUUID();
}

/** Too short for a token, and nothing in it that a log's reader takes for something else. */
const PLAIN = /^[\w-]{1,64}$/;

/** Null for what only its caller may read. */
export function loggedRequestId(id: string): string | null {
  return PLAIN.test(id) ? id : null;
}
