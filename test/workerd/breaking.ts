/** Breakers and what trips them, as tests of the objects do it. */
import { runInDurableObject } from "cloudflare:test";
import type { Breaker, BreakerEvent, BreakerScope } from "../../engine/index.ts";
import type { Answer, FlipInput, OutcomeOutput, WireSwitch } from "../../edge/rpc.ts";
import {
  type Ask,
  allowing,
  bindings,
  openSession,
  type OpenSession,
  operator,
  remainder,
  switchboard,
} from "./requests.ts";
import { eventually } from "./eventually.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export function breaker(
  name: string,
  event: BreakerEvent,
  per: BreakerScope,
  kill: readonly BreakerScope[] = [per],
  tell: readonly string[] = [],
): Breaker {
  return { name, event, per, kill, tell, doc: null };
}

export const denied = (n: number, within = MINUTE): BreakerEvent => ({ kind: "count", what: "denied", n, within });
export const failing = (n: number, within = MINUTE): BreakerEvent => ({ kind: "count", what: "failed", n, within });

/** Asks with these breakers in force. */
export function asking(session: OpenSession, breakers: readonly Breaker[], ask: Ask = {}): Promise<Answer> {
  return session.answer({ ...ask, change: { ...ask.change, breakers } });
}

/** A denial by the rules. */
export function beDenied(session: OpenSession, breakers: readonly Breaker[], ask: Ask = {}): Promise<Answer> {
  return asking(session, breakers, { remainder: remainder([], { requester: null }), ...ask });
}

export function beCanary(session: OpenSession, breakers: readonly Breaker[], ask: Ask = {}): Promise<Answer> {
  const why = { reason: "canary", message: "an argument holds a canary", faults: [], unknown: [] } as const;
  return asking(session, breakers, { ...ask, remainder: remainder([], { denied: why }) });
}

/** Admitted, and then reported. */
export async function act(
  session: OpenSession,
  breakers: readonly Breaker[],
  status: "ok" | "error" = "ok",
  ask: Ask = {},
): Promise<Answer> {
  const answer = await asking(session, breakers, { remainder: allowing(), ...ask });
  if (answer.decision === "allow") await report(session, breakers, answer.decision_id, status);
  return answer;
}

export function report(
  session: OpenSession,
  breakers: readonly Breaker[],
  decision: string,
  status: "ok" | "error",
): Promise<OutcomeOutput> {
  const { agent, rpc } = session;
  return rpc.outcome({ sequence: 1, agent, decision, status, digest: null, labels: [], breakers });
}

/** Sessions of agents that work for a person. */
export function openFor(agent: string, email: string): Promise<OpenSession> {
  return openSession(agent, { requester: { id: email, email, claims: {} } });
}

export async function switchesOf(name: string, history = false): Promise<readonly WireSwitch[]> {
  const output = await switchboard().switches({ sequence: 1, history });
  if ("refused" in output) throw new Error("the switches can't be read");
  return output.switches.filter((each) => each.name === name);
}

export async function lift(scope: FlipInput["scope"], name: string): Promise<void> {
  const output = await switchboard().lift({ sequence: 1, scope, name, reason: "looked at", by: operator, id: null });
  if ("refused" in output) throw new Error(`not lifted: ${output.refused}`);
}

/** Everything that the session had to tell has arrived, and what it tripped there was flipped. */
export async function untilTold(session: OpenSession): Promise<void> {
  await untilHeard(session);
  await untilNone(bindings.AGENT.get(bindings.AGENT.idFromName(session.agent)), "flips");
}

/** Everything that the session had to tell has arrived. */
export async function untilHeard({ id }: OpenSession): Promise<void> {
  await untilNone(bindings.SESSION.get(bindings.SESSION.idFromName(id)), "parcels");
}

/** Everything that the session has to tell was sent at least once; what is left couldn't be delivered. */
export async function untilTried({ id }: OpenSession): Promise<void> {
  await untilNone(bindings.SESSION.get(bindings.SESSION.idFromName(id)), "parcels WHERE tries = 0");
}

async function untilNone(stub: DurableObjectStub, rows: string): Promise<void> {
  const count = () =>
    runInDurableObject(stub, (_, { storage }) => storage.sql.exec(`SELECT 1 FROM ${rows}`).toArray().length);
  await eventually(async () => {
    if ((await count()) > 0) throw new Error(`there still are ${rows}`);
  });
}
