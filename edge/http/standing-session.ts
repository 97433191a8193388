/**
 * One-shot questions of a gateway are answered by a session of the agent that stands for all of them: one for each
 * gateway, agent and person, opened when the first question comes and again when it is over. Limits, labels and what
 * the session did count as they do for any other.
 */
import type { Agent, Gateway } from "../../engine/index.ts";
import { sha256Hex } from "../digest.ts";
import type { VerifiedRequester } from "../identity/requester.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { newSessionId } from "../ids.ts";
import { linkOf } from "../link-of.ts";
import { agentOf, sessionOf } from "../objects/env.ts";
import { askObject, orNothing } from "./ask-object.ts";
import type { AppContext } from "./context.ts";
import { usedUp } from "./gateways.ts";
import { HttpProblem, retryAfter } from "./problem.ts";
import { refusalBefore } from "./opening.ts";
import type { OpenRefusal } from "./opening.ts";
import { openInput } from "./sessions.ts";

export interface StandingFor {
  readonly gateway: Gateway;
  readonly agent: Agent;
  readonly requester: VerifiedRequester | null;
}

export type Stood<T> = { readonly kind: "answered"; readonly answer: T } | ({ readonly kind: "refused" } & OpenRefusal);

/** It isn't open yet, then perhaps found over, then not open again. */
const ROUNDS = 4;

/**
 * @param ask May throw `not_found`, which says that the session isn't open.
 * @param isOver Whether the answer says that the session has ended.
 */
export async function askStanding<T>(
  c: AppContext,
  who: StandingFor,
  ask: (claims: SessionClaims) => Promise<T>,
  isOver: (answer: T) => boolean,
): Promise<Stood<T>> {
  let session = await standing(c, who, null);
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await orNothing("not_found", async () => ({ value: await ask(claimsOf(c, who, session)) }));
    if (answer !== null && !isOver(answer.value)) return { kind: "answered", answer: answer.value };
    if (answer !== null) session = await standing(c, who, session);
    else {
      const refusal = await open(c, who, session);
      if (refusal !== null) return { kind: "refused", ...refusal };
    }
  }
  throw new HttpProblem("unreachable", "the gateway's session can't be opened now; try again", [], retryAfter(1));
}

async function standing(c: AppContext, who: StandingFor, ended: string | null): Promise<string> {
  const { sequence } = c.get("deployment");
  const input = { sequence, key: keyOf(who), candidate: newSessionId(), ended };
  return (await askObject(() => agentOf(c.env, who.agent.name).standingSession(input))).session;
}

/** A person whose address changed is told apart, since switches and limits go by it. */
function keyOf({ gateway, requester }: StandingFor): string {
  const person = requester === null ? null : [requester.person.iss, requester.person.sub, requester.requester.id];
  return sha256Hex(JSON.stringify([gateway.name, person]));
}

function claimsOf(c: AppContext, { gateway, agent, requester }: StandingFor, session: string): SessionClaims {
  return {
    session,
    root: session,
    agent: agent.name,
    environment: c.get("deployment").environment,
    chain: [linkOf(session, agent.name, gateway.name)],
    requester: requester?.requester ?? null,
    gateway: gateway.name,
  };
}

/** Null: it is open, whoever opened it. */
async function open(c: AppContext, who: StandingFor, session: string): Promise<OpenRefusal | null> {
  const { gateway, agent, requester } = who;
  const refusal = await refusalBefore(c, [agent], requester?.requester.id ?? null);
  if (refusal !== null) return refusal;
  const opener = { agent, gateway: gateway.name, credential: usedUp(c.get("now")) };
  const input = openInput(c, opener, requester, { client: "authzen" }, session);
  // Another question may have come first: its session is this one's.
  const opened = await orNothing("conflict", () => askObject(() => sessionOf(c.env, session).open(input)));
  return opened === null || opened.opened ? null : opened;
}
