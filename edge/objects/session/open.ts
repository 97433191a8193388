/** Opening a session: the agent's object admits it first, so that none opens past a kill or a cap. */
import type { AdmitOutput, AgentRpc, OpenInput, OpenOutput } from "../../rpc.ts";
import { withDeadline } from "../deadline.ts";
import { idleEnd } from "./guard.ts";
import { beginSession, lifetimeEnd } from "./life.ts";
import type { SessionContext } from "./session-context.ts";
import { learnSequence, readSession } from "./session-row.ts";
import { readHold } from "./switch-store.ts";

const PATIENCE = 5_000;

export interface Opening {
  readonly context: SessionContext;
  readonly agent: AgentRpc;
  /** Keeps the lease that came with the admission. */
  keepLease(output: Extract<AdmitOutput, { admitted: true }>, sent: number): void;
}

export async function openSession(opening: Opening, input: OpenInput): Promise<OpenOutput> {
  const { context, agent } = opening;
  if (readSession(context.sql) !== null) return alreadyOpen();
  const sent = Date.now();
  const admitted = await admission(agent, input, context.clock.now());
  if ("refused" in admitted) return admitted;
  if (!admitted.admitted) {
    const { reason, message, retry_after } = admitted;
    return { opened: false, reason, message, retry_after };
  }
  if (admitted.sequence > input.sequence) return { refused: "policy_stale" };
  const output = begin(context, input);
  if ("opened" in output && output.opened) opening.keepLease(admitted, sent);
  return output;
}

async function admission(agent: AgentRpc, input: OpenInput, now: number): Promise<AdmitOutput> {
  const credentials = [input.credential, ...(input.requester_credential === null ? [] : [input.requester_credential])];
  const { sequence, session, opening, starts_with, lease } = input;
  const until = lifetimeEnd(input, now);
  try {
    const asked = agent.admit({
      sequence,
      agent: input.agent,
      session,
      credentials,
      opening,
      starts_with,
      lease,
      until,
    });
    return await withDeadline(asked, PATIENCE);
  } catch (cause) {
    console.error("the agent's object can't be reached; no session is opened", { cause: String(cause) });
    return { admitted: false, reason: "overloaded", message: "the edge is overloaded; try again soon", retry_after: 1 };
  }
}

/** What happened while the agent's object was asked counts: another call may have opened or frozen it. */
function begin(context: SessionContext, input: OpenInput): OpenOutput {
  return context.transaction(() => {
    if (readSession(context.sql) !== null) return alreadyOpen();
    const hold = readHold(context.sql);
    if (hold !== null)
      return {
        opened: false,
        reason: hold.reason,
        message: hold.switches.map((each) => each.reason).join("; "),
        retry_after: null,
      };
    const row = beginSession(context, input, context.clock.now());
    learnSequence(context.sql, input.sequence);
    return { opened: true, expires_at: row.expires_at, idle_expires_at: idleEnd(row) };
  });
}

function alreadyOpen(): OpenOutput {
  return { refused: "conflict", detail: "this session was opened before" };
}
