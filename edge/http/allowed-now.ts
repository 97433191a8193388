/** Which of several requests of one session would be allowed now. What can't be asked isn't. */
import type { SessionClaims } from "../identity/session-token.ts";
import { sessionOf } from "../objects/env.ts";
import type { AuthorizeInput } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { prepareRequest, requestInput } from "./authorize.ts";
import type { AuthorizeBody } from "./bodies.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem } from "./problem.ts";
import { askStanding } from "./standing-session.ts";
import type { StandingFor } from "./standing-session.ts";

interface Looked {
  readonly allowed: readonly boolean[];
  readonly ended: boolean;
}

/** @param bodies In the order of the answers; null is never allowed. */
export async function allowedNow(
  c: AppContext,
  who: StandingFor,
  bodies: readonly (AuthorizeBody | null)[],
): Promise<readonly boolean[]> {
  const stood = await askStanding(
    c,
    who,
    (claims) => look(c, claims, bodies),
    ({ ended }) => ended,
  );
  return stood.kind === "answered" ? stood.answer.allowed : bodies.map(() => false);
}

async function look(c: AppContext, claims: SessionClaims, bodies: readonly (AuthorizeBody | null)[]): Promise<Looked> {
  const inputs = bodies.map((body) => (body === null ? null : inputOf(c, claims, body)));
  const requests = inputs.filter((input) => input !== null);
  // Where nothing could be allowed no session is opened to find that out.
  if (requests.length === 0) return { allowed: bodies.map(() => false), ended: false };
  const { allowed, ended } = await askObject(() => sessionOf(c.env, claims.session).peek({ requests }));
  const found = new Set(requests.filter((_, at) => allowed[at]));
  return { allowed: inputs.map((input) => input !== null && found.has(input)), ended };
}

/** Null where it is denied whatever the session says. */
function inputOf(c: AppContext, claims: SessionClaims, body: AuthorizeBody): AuthorizeInput | null {
  try {
    const input = requestInput(c, claims, body, prepareRequest(c, claims, body));
    const { denied, rows } = input.remainder;
    return denied === null && rows.some((row) => row.may_grant) ? input : null;
  } catch (error) {
    if (error instanceof HttpProblem && error.kind === "malformed") return null;
    throw error;
  }
}
