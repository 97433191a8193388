/**
 * How long a kill takes under load, and what is still admitted after it was acknowledged: that must be nothing. For each
 * scope, as it is; with the Worker restarted right after the acknowledgement; with pushes that never arrive, where
 * sessions may go on until their lease ends and not longer; and with a copy in KV that never shows a switch.
 * `npm run bench:kill` prints a table; `-- --json FILE` writes it as well. `AGENTS`, `SESSIONS`, `CLIENTS` and
 * `SECONDS` set the size.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sizeOf } from "../size-of.ts";
import { ask, type Asked, type Fleet, pause, type Session, startFleet, startLoad } from "./fleet.ts";
import { ACTION, CLASS, LEASE, REQUESTER, ROLE } from "./policy.ts";

const SIZE = {
  agents: sizeOf("AGENTS", 4),
  sessions: sizeOf("SESSIONS", 40),
  clients: sizeOf("CLIENTS", 8),
  /** Of load before the kill, and again after it. */
  seconds: sizeOf("SECONDS", 1),
};

/** What happens beside the kill. */
const TROUBLES = ["none", "restart", "pushes", "kv"] as const;
type Trouble = (typeof TROUBLES)[number];

interface Result {
  readonly scope: string;
  readonly trouble: Trouble;
  readonly sessions: number;
  readonly reached: number;
  readonly pending: number;
  readonly acknowledged_ms: number;
  readonly admitted_before: number;
  readonly asked_after: number;
  /** Must be 0 where the pushes arrive. */
  readonly admitted_after: number;
  /** Must be 0. */
  readonly admitted_after_lease: number;
}

const { values } = parseArgs({ options: { json: { type: "string" } } });

const results: Result[] = [];
for (const trouble of TROUBLES) results.push(...(await killsWith(trouble)));
process.stdout.write(render(results));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...SIZE, results }, null, 2)}\n`);
if (results.some(isBroken)) process.exitCode = 1;

async function killsWith(trouble: Trouble): Promise<readonly Result[]> {
  const fault = trouble === "pushes" || trouble === "kv" ? trouble : null;
  const fleet = await startFleet(SIZE.agents, SIZE.sessions, fault);
  const rows: Result[] = [];
  try {
    for (const target of targets(fleet)) rows.push(await killUnderLoad(fleet, target, trouble));
  } finally {
    await fleet.edge.stop();
  }
  return rows;
}

function isBroken({ trouble, admitted_after, admitted_after_lease }: Result): boolean {
  return admitted_after_lease > 0 || (trouble !== "pushes" && admitted_after > 0);
}

interface Target {
  readonly scope: string;
  readonly name: string;
  readonly sessions: readonly Session[];
}

function targets({ sessions }: Fleet): readonly Target[] {
  const [first] = sessions;
  if (first === undefined) throw new Error("a bench of no sessions");
  return [
    { scope: "fleet", name: "*", sessions },
    { scope: "agent", name: first.agent, sessions: sessions.filter(({ agent }) => agent === first.agent) },
    { scope: "role", name: ROLE, sessions },
    { scope: "action", name: ACTION, sessions },
    { scope: "class", name: CLASS, sessions },
    { scope: "requester", name: REQUESTER, sessions },
    { scope: "session", name: first.id, sessions: [first] },
  ];
}

async function killUnderLoad(edge: Fleet, target: Target, trouble: Trouble): Promise<Result> {
  const stop = startLoad(edge, target.sessions, SIZE.clients);
  await pause(SIZE.seconds * 1_000);
  const sent = performance.now();
  const reply = await edge.flip("PUT", target.scope, target.name);
  const acknowledged = performance.now();
  if (reply.status !== 202) throw new Error(`not killed: ${reply.status} ${reply.text}`);
  if (trouble === "restart") await edge.edge.reload(edge.table);
  await pause(SIZE.seconds * 1_000 + (trouble === "pushes" ? LEASE : 0));
  const asked = await stop();
  await edge.flip("DELETE", target.scope, target.name);
  await untilAllowed(edge, target);
  return {
    scope: target.scope,
    trouble,
    sessions: target.sessions.length,
    reached: Number(reply.body["sessions_reached"]),
    pending: Number(reply.body["sessions_pending"]),
    acknowledged_ms: acknowledged - sent,
    ...counted(asked, sent, acknowledged),
  };
}

function counted(asked: readonly Asked[], sent: number, acknowledged: number) {
  const after = asked.filter((one) => one.sent > acknowledged);
  return {
    admitted_before: asked.filter((one) => one.sent < sent && one.allowed).length,
    asked_after: after.length,
    admitted_after: after.filter(({ allowed }) => allowed).length,
    admitted_after_lease: after.filter(({ allowed, sent: at }) => allowed && at > acknowledged + LEASE).length,
  };
}

/** The Worker's copy of the switches lags behind a lift. */
async function untilAllowed(edge: Fleet, { sessions }: Target): Promise<void> {
  for (const session of sessions) {
    for (let tries = 0; !(await ask(edge, session)).allowed; tries++) {
      if (tries === 200) throw new Error("the lifted switch still holds");
      await pause(100);
    }
  }
}

function render(rows: readonly Result[]): string {
  const head = "scope      trouble  sessions  reached  acknowledged  asked after  admitted after  after lease";
  const lines = rows.map((row) =>
    [
      row.scope.padEnd(9),
      row.trouble.padEnd(7),
      String(row.sessions).padStart(8),
      String(row.reached).padStart(7),
      `${row.acknowledged_ms.toFixed(0)} ms`.padStart(12),
      String(row.asked_after).padStart(11),
      String(row.admitted_after).padStart(14),
      String(row.admitted_after_lease).padStart(11),
    ].join("  "),
  );
  const size = `${SIZE.agents} agents, ${SIZE.sessions} sessions, ${SIZE.clients} clients`;
  return `${size}\n\n${head}\n${lines.join("\n")}\n`;
}
