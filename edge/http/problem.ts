/**
 * Why a question could not be asked (RFC 9457). A policy answer is never a problem: it is 200, allowed or not.
 * `detail` says what to do; nothing in it comes from an exception, a key or another caller's data.
 */
import type { Problem, WireFault } from "../../sdk/index.ts";

const KINDS = {
  malformed: [400, "The request is malformed"],
  unauthenticated: [401, "The caller is not authenticated"],
  forbidden: [403, "This is not the caller's to ask"],
  not_found: [404, "There is nothing here for this caller"],
  method_not_allowed: [405, "The method is not allowed here"],
  conflict: [409, "The state does not admit this"],
  too_large: [413, "The request is too large"],
  unsupported_media_type: [415, "The body is not JSON"],
  killed: [409, "A kill switch stops this"],
  request_id_reused: [422, "The request id was used with another body"],
  flood: [429, "Too many requests"],
  internal: [500, "The edge failed"],
  policy_stale: [503, "A newer policy is in force"],
  not_ready: [503, "The edge is not ready"],
  unreachable: [503, "A part of the edge can't be reached"],
} as const satisfies { readonly [kind: string]: readonly [number, string] };

export type ProblemKind = keyof typeof KINDS;

/** Thrown by handlers, rendered by the app; everything that is thrown and isn't one becomes `internal`. */
export class HttpProblem extends Error {
  readonly kind: ProblemKind;
  readonly errors: readonly WireFault[];
  readonly headers: { readonly [name: string]: string };

  constructor(
    kind: ProblemKind,
    detail: string,
    errors: readonly WireFault[] = [],
    headers: { readonly [name: string]: string } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }
}

export function problemStatus({ kind }: HttpProblem): number {
  return KINDS[kind][0];
}

/** The response for a problem: `application/problem+json`, never cached. */
export function problemResponse(problem: HttpProblem): Response {
  const [status, title] = KINDS[problem.kind];
  const body: Problem = {
    type: `urn:agentpolicy:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  };
  const challenge = status === 401 ? { "WWW-Authenticate": 'Bearer realm="agentpolicy"' } : {};
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...challenge,
      ...problem.headers,
    },
  });
}

/** `Retry-After` (RFC 9110, section 10.2.3); nothing where waiting doesn't help. */
export function retryAfter(seconds: number | null): { readonly [name: string]: string } {
  return seconds === null ? {} : { "Retry-After": String(Math.max(1, Math.ceil(seconds))) };
}

export function malformed(detail: string, pointer?: string): HttpProblem {
  return new HttpProblem("malformed", detail, pointer === undefined ? [] : [{ pointer, detail }]);
}

export function unauthenticated(detail: string): HttpProblem {
  return new HttpProblem("unauthenticated", detail);
}
