/** The session as its own agent sees it. */
import type { Usage } from "../../../engine/index.ts";
import { readUsage } from "../../limits/count-store.ts";
import type { AgentRpc, SessionStatus, SessionView } from "../../rpc.ts";
import { withDeadline } from "../deadline.ts";
import { deathOf, idleEnd } from "./guard.ts";
import { limitsMet, statusOf } from "./limits-met.ts";
import type { SessionContext } from "./session-context.ts";
import { readLabels, type SessionRow } from "./session-row.ts";
import { readHold } from "./switch-store.ts";

const PATIENCE = 3_000;

export async function viewSession(context: SessionContext, row: SessionRow, agent: AgentRpc): Promise<SessionView> {
  const now = context.clock.now();
  const met = limitsMet(context.sql);
  const shared = met.filter((limit) => limit.per === "agent");
  const usages = shared.length === 0 ? [] : await sharedUsage(agent, row, shared);
  const limits = met.flatMap((limit) => {
    const usage = limit.per === "session" ? readUsage(context.sql, limit, now) : usages[shared.indexOf(limit)];
    return usage === undefined ? [] : [statusOf(limit, usage, now)];
  });
  return { ...plainView(context, row, now), limits };
}

function plainView(context: SessionContext, row: SessionRow, now: number): Omit<SessionView, "limits"> {
  return {
    id: row.session,
    agent: row.agent,
    environment: row.environment,
    requester: row.requester?.id ?? null,
    status: statusOfSession(context, row, now),
    opened_at: row.opened_at,
    expires_at: row.expires_at,
    idle_expires_at: idleEnd(row),
    calls: row.calls,
    labels: readLabels(context.sql),
    roles: [],
  };
}

function statusOfSession(context: SessionContext, row: SessionRow, now: number): SessionStatus {
  if (row.ended_as !== null) return row.ended_as;
  if (readHold(context.sql) !== null) return "frozen";
  return deathOf(context, row, now, null) === null ? "open" : "expired";
}

/** What is left is only shown: where the agent's object can't be reached its limits are left out. */
async function sharedUsage(
  agent: AgentRpc,
  row: SessionRow,
  limits: readonly Parameters<AgentRpc["reserve"]>[0]["items"][number]["limit"][],
): Promise<readonly Usage[]> {
  const items = limits.map((limit) => ({ limit, beyond: false }));
  const { session, sequence } = row;
  try {
    const output = await withDeadline(
      agent.reserve({ sequence, session, reservation: "look", reserve: false, items, approval: null }),
      PATIENCE,
    );
    return "refused" in output ? [] : output.items;
  } catch (cause) {
    console.warn("the agent's limits can't be read", { cause: String(cause) });
    return [];
  }
}
