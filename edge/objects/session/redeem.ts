/**
 * Uses a permit up: once, and not after a kill. For services that can't keep a list of their own. The agent's object is
 * asked each time, so that a kill which reached it is known, and any other within the lease; what the session's end ends
 * are new permits.
 */
import { withDeadline } from "../../deadline.ts";
import type { AgentRpc, RedeemInput, RedeemOutput, SwitchRef } from "../../rpc.ts";
import { firstRow } from "../../rows.ts";
import { killedMessage, stopsAction } from "../../switches/switch-reach.ts";
import { takeNotice } from "./life.ts";
import type { Member } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";
import { knownEpoch, readHold, readStops } from "./switch-store.ts";

const PATIENCE = 3_000;
/** Clocks of Worker and object may differ: what has expired by so much no Worker lets through. */
const KEPT_AFTER = 10 * 60_000;

export const REDEEMED_SCHEMA = `
  CREATE TABLE IF NOT EXISTS redeemed (jti TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
`;

type Agents = (name: string) => AgentRpc;

export async function redeem(
  context: SessionContext,
  agent: Agents,
  row: Member,
  input: RedeemInput,
): Promise<RedeemOutput> {
  // Whoever tries again and again costs the agents' objects nothing.
  if (isUsedUp(context.sql, input)) return USED_UP;
  if (!(await isGranted(context, agent, row, input)))
    return (
      stopOf(context, row, input) ?? refused("overloaded", "whether this agent was killed can't be told now; try again")
    );
  return context.transaction(() => stopOf(context, row, input) ?? useUp(context, row, input));
}

/** Whether every agent of the chain is known not to be killed; what is heard of switches on the way is kept. */
async function isGranted(
  context: SessionContext,
  agent: Agents,
  row: Member,
  { lease }: RedeemInput,
): Promise<boolean> {
  for (const link of row.chain) {
    const asked = { sequence: row.sequence, session: link.session, lease, epoch: knownEpoch(context.sql, link) };
    try {
      const output = await withDeadline(agent(link.agent).renewLease(asked), PATIENCE);
      if ("refused" in output) return false;
      context.transaction(() => {
        for (const notice of output.notices) takeNotice(context, { ...notice, ...link }, context.clock.now());
      });
      if (!output.granted) return false;
    } catch (cause) {
      console.warn("a permit can't be redeemed now", { cause: String(cause) });
      return false;
    }
  }
  return true;
}

/** By which role an action was granted the permit doesn't say: one of the agent's that is killed is enough. */
function stopOf(context: SessionContext, row: Member, input: RedeemInput): RedeemOutput | null {
  const { action, classes, roles, earlier } = input;
  const hold = readHold(context.sql, row);
  if (hold !== null) return killed(hold.switches, row);
  const stops = readStops(context.sql, row).filter(
    (each) =>
      stopsAction(each, action, classes) ||
      (each.scope === "role" && roles.includes(each.name)) ||
      (earlier && each.scope !== "action"),
  );
  return stops.length > 0 ? killed(stops, row) : null;
}

function killed(switches: readonly SwitchRef[], row: Member): RedeemOutput {
  return refused("killed", killedMessage(switches, row.agent));
}

function useUp(context: SessionContext, row: Member, { jti, expires }: RedeemInput): RedeemOutput {
  const { sql } = context;
  const now = context.clock.now();
  sql.exec("DELETE FROM redeemed WHERE expires < ?", now - KEPT_AFTER);
  if (isUsedUp(sql, { jti })) return USED_UP;
  sql.exec("INSERT INTO redeemed (jti, expires) VALUES (?, ?)", jti, expires);
  note(context, row, { kind: "permit.redeemed", permit: jti }, now);
  return { redeemed: true };
}

function isUsedUp(sql: SqlStorage, { jti }: Pick<RedeemInput, "jti">): boolean {
  return firstRow(sql, "SELECT 1 FROM redeemed WHERE jti = ?", jti) !== null;
}

const USED_UP = refused("already_used", "the permit was redeemed before");

function refused(reason: "overloaded" | "killed" | "already_used", message: string): RedeemOutput {
  return { redeemed: false, reason, message };
}
