/** The switches that concern this session or may, as far as it was told, and its own freeze after a flood. */
import type { SwitchNotice, SwitchRef } from "../../rpc.ts";
import { stopsAgent, stopsRequester, stopsSome } from "../../switches/switch-reach.ts";

export const SWITCHES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS switches (side TEXT PRIMARY KEY, epoch INTEGER NOT NULL, list TEXT NOT NULL) WITHOUT ROWID;
`;

/** A freeze that the object made itself stands here until the Switchboard's own switch for it has arrived. */
type Side = SwitchNotice["side"] | "own";

export interface Hold {
  readonly reason: "killed" | "frozen";
  readonly switches: readonly SwitchRef[];
}

/** Null when nothing holds the session. @param requester for whom it works */
export function readHold(sql: SqlStorage, requester: string | null): Hold | null {
  const agent = readSide(sql, "agent").switches.filter((each) => stopsAgent(each) || stopsRequester(each, requester));
  if (agent.length > 0) return { reason: "killed", switches: agent };
  const session = [...readSide(sql, "session").switches, ...readSide(sql, "own").switches];
  return session.length > 0 ? { reason: "frozen", switches: session } : null;
}

/** Those that stop some requests only: roles, actions and classes. */
export function readStops(sql: SqlStorage): readonly SwitchRef[] {
  return readSide(sql, "agent").switches.filter(stopsSome);
}

export function knownEpoch(sql: SqlStorage, side: Side): number {
  return readSide(sql, side).epoch;
}

/** False when the notice is older than what is known. */
export function storeNotice(sql: SqlStorage, notice: SwitchNotice): boolean {
  if (notice.epoch <= knownEpoch(sql, notice.side)) return false;
  write(sql, notice.side, notice.epoch, notice.switches);
  if (notice.side === "session" && notice.switches.some((each) => each.by === FLOOD_AUTHOR)) write(sql, "own", 0, []);
  return true;
}

/** How the Switchboard names the author of a switch that a session flipped for itself. */
export const FLOOD_AUTHOR = "edge#flood";

/** False when it is frozen so already. */
export function freezeItself(sql: SqlStorage, session: string, reason: string): boolean {
  if (readSide(sql, "own").switches.length > 0) return false;
  write(sql, "own", 0, [{ id: "own", scope: "session", name: session, reason, by: FLOOD_AUTHOR }]);
  return true;
}

function write(sql: SqlStorage, side: Side, epoch: number, switches: readonly SwitchRef[]): void {
  sql.exec(
    "INSERT OR REPLACE INTO switches (side, epoch, list) VALUES (?, ?, ?)",
    side,
    epoch,
    JSON.stringify(switches),
  );
}

function readSide(sql: SqlStorage, side: Side): { readonly epoch: number; readonly switches: readonly SwitchRef[] } {
  const row = sql
    .exec<{ epoch: number; list: string }>("SELECT epoch, list FROM switches WHERE side = ?", side)
    .toArray()[0];
  if (row === undefined) return { epoch: -1, switches: [] };
  return { epoch: row.epoch, switches: JSON.parse(row.list) as readonly SwitchRef[] };
}
