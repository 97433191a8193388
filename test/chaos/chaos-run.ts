/** One run: traffic against an edge that is killed and restarted so many times, and then every record is pulled. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { personToken } from "../../cli/local/development-tokens.ts";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { freePort } from "../../cli/local/port.ts";
import { randomFrom } from "../fuzz/random.ts";
import { makeKeys } from "../harness/agent-keys.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { httpCall } from "../harness/http-call.ts";
import { rootOf } from "./check-run.ts";
import type { Logs } from "./check-run.ts";
import { type Anchored, pullLedger, pullOthers } from "./check-ledger.ts";
import { EdgeProcess } from "./edge-process.ts";
import { startFailingSink, untilExported } from "./failing-sink.ts";
import { newJournal } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { AGENTS, OPERATOR, policyText } from "./policy-text.ts";
import { Traffic } from "./traffic.ts";

export interface ChaosOptions {
  /** How many of the policy's agents ask; each in two sessions at a time. */
  readonly agents: number;
  readonly restarts: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface Run {
  readonly table: string;
  /** Hashes of records as they arrived at a sink that fails. */
  readonly exported: readonly string[];
  readonly journal: Journal;
  readonly logs: Logs;
  readonly anchored: Anchored;
}

export async function chaosRun(options: ChaosOptions): Promise<Run> {
  const { seed } = options;
  const agents = await makeKeys(AGENTS);
  const table = compiledTable(policyText(agents.public), "chaos.agentpolicy");
  const directory = mkdtempSync(join(tmpdir(), "agentpolicy-chaos-"));
  writeFileSync(join(directory, "table.json"), table);
  const sink = await startFailingSink(seed);
  const edge = new EdgeProcess(directory, await freePort(), sink.bindings);
  // Whoever interrupts the run leaves nothing behind.
  const cleared = (): void => {
    edge.endNow();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", cleared);
  try {
    await edge.start();
    const journal = newJournal();
    const keys = await readKeys(edge.state);
    const traffic = new Traffic({
      url: edge.url,
      keys,
      agents,
      asking: AGENTS.slice(0, options.agents),
      journal,
      seed,
    });
    traffic.start();
    await restartAtRandom(edge, options, journal);
    await traffic.stop();
    const auditor = await personToken(keys, { email: OPERATOR });
    const ledger = await pullLedger(edge.url, auditor);
    const logs = await pullLogs(edge.url, auditor, journal);
    const others = await pullOthers(edge.url, auditor, ledger, logs);
    const key = new Uint8Array(Buffer.from(keys.checkpoint_key.x, "base64url"));
    const exported = await untilExported(sink, logs);
    return { table, journal, logs, anchored: { ledger, others, key }, exported };
  } finally {
    await edge.end();
    await sink.close();
    cleared();
    process.off("exit", cleared);
  }
}

async function restartAtRandom(
  edge: EdgeProcess,
  { restarts, seed, log }: ChaosOptions,
  journal: Journal,
): Promise<void> {
  const random = randomFrom(seed);
  for (let restart = 1; restart <= restarts; restart++) {
    await pause(1_000 + random.below(5_000));
    await edge.kill(random);
    edge.ageKv(random);
    await edge.start();
    log(`restart ${restart}: ${journal.asked.length} answers, ${journal.kills.length} kills so far`);
  }
  await pause(6_000);
  await untilEverythingWasSeen(journal);
}

/** However slow the machine, something of everything gets through in the end; else the run would show nothing. */
async function untilEverythingWasSeen({ asked, kills }: Journal): Promise<void> {
  const end = Date.now() + LONGEST;
  const used = (): number => asked.filter(({ decision, approval }) => decision === "allow" && approval !== null).length;
  const over = (): boolean => asked.some(({ reason }) => reason === "limit_exceeded");
  const below = (): boolean => asked.some(({ session, decision }) => session.includes(".") && decision === "allow");
  const few = (): boolean => asked.length < FEWEST || used() < 2 || kills.length === 0;
  while ((few() || !over() || !below()) && Date.now() < end) await pause(500);
}

const LONGEST = 60_000;
/** Answers of a run. */
const FEWEST = 200;

/** Of all sessions that the edge lists, and of those that only a client remembers. */
async function pullLogs(url: string, token: string, journal: Journal): Promise<Logs> {
  const listed = await httpCall(url, "/v1/sessions", { token });
  const ids = (listed.body["sessions"] as { id: string }[]).map(({ id }) => id);
  const logs = new Map<string, readonly string[]>();
  // A tree has one log.
  for (const id of new Set([...ids, ...journal.sessions.keys()].map(rootOf))) {
    const reply = await httpCall(url, `/v1/sessions/${id}/records`, { token });
    // A session whose opening was lost on the way may be listed and have no log.
    if (reply.status === 404 && !journal.sessions.has(id)) continue;
    if (reply.status !== 200) throw new Error(`the records of ${id} can't be read: ${reply.status} ${reply.text}`);
    logs.set(
      id,
      reply.text.split("\n").filter((line) => line !== ""),
    );
  }
  return logs;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((next) => setTimeout(next, milliseconds));
}
