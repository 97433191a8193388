/** Sessions below others, as their agents open them: by ticket, with a remainder that asks every agent above. */
import type { Link, OpenBelowInput, OpenBelowOutput } from "../../edge/rpc.ts";
import type { Remainder } from "../../engine/index.ts";
import { eachAlone } from "./each-alone.ts";
import { allowing, type Ask, authorizeInput, openInput, type OpenSession, POLICY, unique } from "./requests.ts";

/** Agents of a chain, from the root down; other names in each test. */
export let lead = "";
export let writer = "";
export let reader = "";

export function eachChainAlone(): void {
  eachAlone(() => {
    [lead, writer, reader] = [unique("lead"), unique("writer"), unique("reader")];
  });
}

export interface Below extends OpenSession {
  readonly chain: readonly Link[];
}

export function chainOf(session: OpenSession | Below): readonly Link[] {
  return "chain" in session ? session.chain : [{ session: session.id, agent: session.agent }];
}

/** Who asks, as the Worker says it. */
export function callerOf(session: OpenSession | Below, sequence = 1) {
  return { sequence, agent: session.agent, session: session.id, chain: chainOf(session) };
}

export async function ticketFor(above: OpenSession | Below, to: string): Promise<string> {
  const output = await above.rpc.delegate({ ...callerOf(above), to, lease: 10_000 });
  if (!("delegated" in output) || !output.delegated) throw new Error(`no ticket: ${JSON.stringify(output)}`);
  return output.ticket;
}

export function redeem(
  above: OpenSession | Below,
  agent: string,
  ticket: string,
  change: Partial<OpenBelowInput> = {},
): Promise<OpenBelowOutput> {
  const { starts_with, lifetime, idle, lease, credential } = openInput(agent);
  const opening = allowing({ agent, action: "session.open", callers: granting(chainOf(above)) });
  const start = { starts_with, lifetime, idle, lease, credential, opening, client: null };
  return above.rpc.openBelow({
    sequence: 1,
    policy: POLICY,
    ticket,
    agent,
    above: chainOf(above),
    ...start,
    ...change,
  });
}

export async function openBelow(
  above: OpenSession | Below,
  agent: string,
  change: Partial<OpenBelowInput> = {},
): Promise<Below> {
  const ticket = await ticketFor(above, agent);
  const place = await above.rpc.ticket({ sequence: 1, ticket, agent });
  if ("refused" in place) throw new Error(`the ticket isn't good: ${JSON.stringify(place)}`);
  const opened = await redeem(above, agent, ticket, change);
  if (!("opened" in opened) || !opened.opened) throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return sessionBelow(above, place.session, agent);
}

export function sessionBelow(above: OpenSession | Below, id: string, agent: string): Below {
  const chain = [...chainOf(above), { session: id, agent }];
  const ask = async (what: Ask = {}) => {
    const asked = { ...(what.remainder ?? allowing()), callers: callersIn(what.remainder, chain) };
    const input = await authorizeInput(id, agent, { ...what, remainder: asked });
    return above.rpc.authorize({ ...input, chain, ...what.change });
  };
  const answer = async (what: Ask = {}) => {
    const output = await ask(what);
    if (!("answer" in output)) throw new Error(`no answer: ${JSON.stringify(output)}`);
    return output.answer;
  };
  return { id, agent, rpc: above.rpc, ask, answer, chain };
}

/** Those that the test wrote, else every caller grants. */
function callersIn(remainder: Remainder | undefined, chain: readonly Link[]): Remainder["callers"] {
  const written = remainder?.callers ?? [];
  return written.length > 0 ? written : granting(chain.slice(0, -1));
}

export function granting(chain: readonly Link[]): Remainder["callers"] {
  return chain.map(({ agent }) => ({ agent, granted: true as const }));
}
