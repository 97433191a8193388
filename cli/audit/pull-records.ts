/** What an auditor takes home: logs line by line, and behind them what the ledger has signed of them. */
import { BadRequest } from "../../sdk/index.ts";
import type { Person, SessionSummary } from "../../sdk/index.ts";
import { listedSessions } from "./listed-sessions.ts";
import { pullAnchors, pullWholeLedger } from "./pull-ledger.ts";

/** Without either, everything. */
export interface Chosen {
  readonly session?: string;
  readonly agent?: string;
}

/** @returns how many records of how many logs there were */
export async function pullRecords(
  person: Person,
  chosen: Chosen,
  take: (line: string) => void,
): Promise<{ readonly records: number; readonly logs: number }> {
  let records = 0;
  const takeRecord = (line: string): void => {
    records += 1;
    take(line);
  };
  const partly = chosen.session !== undefined || chosen.agent !== undefined;
  const listed = chosen.session === undefined ? await listedSessions(person, chosen.agent) : [];
  const known = knownLogs(listed, chosen);
  await anchorOpen(person, listed, chosen);
  // First the ledger: what is anchored meanwhile stands in the logs then.
  const ledger = await (partly ? pullAnchors(person, known) : pullWholeLedger(person));
  const logs = partly ? known : [...new Set([...known, ...ledger.logs.filter((log) => log !== BOARD), BOARD])];
  for (const log of logs) await readLog(person, log, takeRecord, chosen);
  for (const line of ledger.lines) take(line);
  return { records, logs: logs.length };
}

/** The oldest first; a session below another has its root's log. */
function knownLogs(listed: readonly SessionSummary[], { session }: Chosen): readonly string[] {
  if (session !== undefined) return [session.split(".", 1)[0] ?? session];
  return [...new Set(listed.map(({ root }) => root).toReversed())];
}

/** A session whose opening was cut off is listed and has no log; and one that is gone is for `verify` to name. */
async function readLog(person: Person, log: string, take: (line: string) => void, { session }: Chosen): Promise<void> {
  try {
    await person.records(log, take);
  } catch (error) {
    const absent = error instanceof BadRequest && error.status === 404;
    if (!absent || session !== undefined) throw error;
  }
}

/** What a session has just written is handed over when its last record is asked for. */
async function anchorOpen(person: Person, listed: readonly SessionSummary[], { session }: Chosen): Promise<void> {
  const open = listed.filter(({ status }) => status !== "ended").map(({ root }) => root);
  for (const log of session === undefined ? new Set([...open, BOARD]) : [session]) await person.headProof(log);
}

/** The log of what concerns no session. */
const BOARD = "board";
