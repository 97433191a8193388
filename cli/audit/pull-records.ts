/** What an auditor takes home: logs line by line, and behind them what the ledger has signed of them. */
import { BadRequest } from "../../sdk/index.ts";
import type { Person } from "../../sdk/index.ts";
import { sessionIds } from "../session-ids.ts";
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
  const known = await knownLogs(person, chosen);
  await anchorOpen(person, chosen);
  // First the ledger: what is anchored meanwhile stands in the logs then.
  const ledger = await (partly ? pullAnchors(person, known) : pullWholeLedger(person));
  const logs = partly ? known : [...new Set([...known, ...ledger.logs.filter((log) => log !== BOARD), BOARD])];
  for (const log of logs) await readLog(person, log, takeRecord, chosen);
  for (const line of ledger.lines) take(line);
  return { records, logs: logs.length };
}

/** A session below another has its root's log. */
async function knownLogs(person: Person, { session, agent }: Chosen): Promise<readonly string[]> {
  const ids = session === undefined ? await sessionIds(person, agent) : [session];
  return [...new Set(ids.map((id) => id.split(".", 1)[0] ?? id))];
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
async function anchorOpen(person: Person, { session, agent }: Chosen): Promise<void> {
  const listed = session === undefined ? await person.sessions(agent) : [];
  const open = listed.filter(({ status }) => status !== "ended").map(({ root }) => root);
  for (const log of session === undefined ? new Set([...open, BOARD]) : [session]) await person.headProof(log);
}

/** The log of what concerns no session. */
const BOARD = "board";
