/** One session as its own agent sees it: labels, limits and calls are those of its tree. */
import type { LimitRow, Usage } from "../../../engine/index.ts";
import { readUsage } from "../../limits/count-store.ts";
import type { Holder, HolderRpc, SessionStatus, SessionView } from "../../rpc.ts";
import { withDeadline } from "../../deadline.ts";
import { deathOf, idleEnd } from "./guard.ts";
import { rolesOf } from "./gained-roles.ts";
import { limitsMet, statusOf } from "./limits-met.ts";
import { type Share, sharesOf } from "./plan.ts";
import type { SessionContext } from "./session-context.ts";
import type { Member } from "./member.ts";
import { readLabels } from "./session-row.ts";
import { readHold } from "./switch-store.ts";

const PATIENCE = 3_000;

export async function viewSession(
  context: SessionContext,
  row: Member,
  holder: (name: Holder) => HolderRpc,
): Promise<SessionView> {
  const now = context.clock.now();
  const met = limitsMet(context.sql, row);
  const payer = { agent: row.chain[0]?.agent ?? row.agent, requester: row.requester?.id ?? null };
  const shares = sharesOf(
    met.map((limit) => ({ limit, beyond: false })),
    payer,
  );
  const read = await Promise.all(shares.map((share) => sharedUsage(holder(share.holder), row, share)));
  const shared = new Map(read.flat());
  const limits = met.flatMap((limit) => {
    const usage = limit.per === "session" ? readUsage(context.sql, limit, now) : shared.get(limit);
    return usage === undefined ? [] : [statusOf(row, limit, usage, now)];
  });
  return { ...plainView(context, row, now), limits };
}

function plainView(context: SessionContext, row: Member, now: number): Omit<SessionView, "limits"> {
  return {
    id: row.session,
    agent: row.agent,
    depth: row.chain.length - 1,
    requester: row.requester?.id ?? null,
    status: statusOfSession(context, row, now),
    expires_at: row.expires_at,
    idle_expires_at: idleEnd(row),
    calls: row.calls,
    labels: readLabels(context.sql),
    roles: rolesOf(context.sql, row, now).map(({ role, gained_at, until }) => ({ role, gained_at, until })),
  };
}

function statusOfSession(context: SessionContext, row: Member, now: number): SessionStatus {
  if (row.ended_as !== null) return row.ended_as;
  if (readHold(context.sql, row) !== null) return "frozen";
  return deathOf(context, row, now, null) === null ? "open" : "expired";
}

/** What is left is only shown: where the object that counts can't be reached its limits are left out. */
async function sharedUsage(
  holder: HolderRpc,
  { session, sequence }: Member,
  { items }: Share,
): Promise<readonly (readonly [LimitRow, Usage])[]> {
  const asked = holder.reserve({ sequence, session, reservation: "look", reserve: false, items, approval: null });
  try {
    const output = await withDeadline(asked, PATIENCE);
    if ("refused" in output) return [];
    return items.flatMap(({ limit }, index) => {
      const usage = output.items[index];
      return usage === undefined ? [] : [[limit, usage] as const];
    });
  } catch (cause) {
    console.warn("shared limits can't be read", { cause: String(cause) });
    return [];
  }
}
