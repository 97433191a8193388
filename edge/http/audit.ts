/** For auditors: records by agent and day, the ledger's checkpoints, and what proves them to a third party. */
import { isSessionId, rootOf } from "../ids.ts";
import { ledgerOf, ledgerShard, sessionOf, shardOf, switchboardOf } from "../objects/env.ts";
import { BOARD_LOG, type Checkpoint, type DisputeRow, SHARDS } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { requireOffice } from "./callers.ts";
import { type AppContext, rfc3339 } from "./context.ts";
import { findRecords, type Position, START } from "./find-records.ts";
import { HttpProblem, malformed } from "./problem.ts";

/** Records of one page. */
const PAGE = 200;
const MOST = 500;

/** `GET /v1/audit?agent=&day=&after=&limit=` */
export async function listRecords(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  const day = c.req.query("day") ?? "";
  if (!isDay(day)) throw malformed("`day` takes a day in UTC, such as `2026-01-05`");
  const agent = c.req.query("agent") ?? null;
  const limit = Math.min(MOST, Math.max(1, wholeNumber(c, "limit") ?? PAGE));
  const { lines, position, more } = await findRecords(c, { agent, day, limit }, positionOf(c.req.query("after")));
  // The lines are canonical JSON already, and stay as they were sealed.
  const body = `{"records":[${lines.join(",")}],"cursor":"${position.join(".")}","more":${String(more)}}`;
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}

/** One that the calendar has: of others nothing would be found, as if nothing had happened. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

function positionOf(cursor: string | undefined): Position {
  if (cursor === undefined) return START;
  const position = cursor.split(".").map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : Number.NaN));
  if (position.length !== SHARDS || position.some(Number.isNaN))
    throw malformed("`after` takes the `cursor` of a page");
  return position;
}

/** `GET /v1/audit/checkpoint`: of every shard, signed now where it doesn't say all; and what was refused. */
export async function listCheckpoints(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  const checkpoints = await Promise.all(shards.map((shard) => checkpointOf(c, shard)));
  const refused = await Promise.all(shards.map((shard) => askObject(() => ledgerShard(c.env, shard).disputes())));
  return c.json({
    checkpoints: checkpoints.map((each, shard) => ({ shard, at: rfc3339(each.at), note: each.note })),
    disputes: refused.flatMap(({ disputes }) => disputes.map(wireDispute)),
  });
}

function wireDispute({ log, at, ...dispute }: DisputeRow): object {
  return { session: log, ...dispute, at: rfc3339(at) };
}

function checkpointOf(c: AppContext, shard: number): Promise<Checkpoint> {
  return askObject(() => ledgerShard(c.env, shard).checkpoint({ shard }));
}

/**
 * `GET /v1/audit/proof?session=&seq=&size=`: that a record stands in the tree; without `seq` the last of all that
 * were written, without `size` in the latest tree. Or `?shard=&from=&to=`: that a tree of one size grew from another.
 */
export async function showProof(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  return c.req.query("session") === undefined ? consistency(c) : inclusion(c, c.req.query("session") ?? "");
}

async function inclusion(c: AppContext, session: string): Promise<Response> {
  const seq = wholeNumber(c, "seq");
  if (session !== BOARD_LOG && !isSessionId(session))
    throw new HttpProblem("not_found", "there is no session with this id");
  const log = rootOf(session);
  const shard = shardOf(log);
  // Whoever asks for the last one wants what was written until now.
  if (seq === null) await askObject(() => (log === BOARD_LOG ? switchboardOf(c.env) : sessionOf(c.env, log)).anchor());
  const latest = await checkpointOf(c, shard);
  const size = wholeNumber(c, "size") ?? latest.size;
  const { proof } = await askObject(() => ledgerOf(c.env, log).inclusion({ log, seq, size }));
  const checkpoint = size === latest.size ? { checkpoint: latest.note } : {};
  return c.json({ proof: proof === null ? null : { session: log, shard, ...proof }, ...checkpoint });
}

async function consistency(c: AppContext): Promise<Response> {
  const shard = shardNumber(c);
  const [from, to] = [wholeNumber(c, "from"), wholeNumber(c, "to")];
  if (from === null || to === null) throw malformed("`from` and `to` take two sizes of the shard's tree");
  const { hashes } = await askObject(() => ledgerShard(c.env, shard).consistency({ from, to }));
  if (hashes === null) throw new HttpProblem("not_found", "the shard's tree never had these sizes in this order");
  return c.json({ shard, from, to, hashes });
}

/** `GET /v1/audit/leaves?shard=&from=&to=`: the hashes that the tree is made of, and whose they are. */
export async function listLeaves(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  const shard = shardNumber(c);
  const [from, to] = [wholeNumber(c, "from") ?? 0, wholeNumber(c, "to") ?? Number.MAX_SAFE_INTEGER];
  const { runs, next } = await askObject(() => ledgerShard(c.env, shard).leaves({ from, to }));
  return c.json({ shard, runs: runs.map(({ log, ...run }) => ({ session: log, ...run })), next });
}

function shardNumber(c: AppContext): number {
  const shard = wholeNumber(c, "shard");
  if (shard === null || shard >= SHARDS) throw malformed(`\`shard\` takes a number from 0 to ${SHARDS - 1}`);
  return shard;
}

/** Null where it isn't given. */
function wholeNumber(c: AppContext, name: string): number | null {
  const text = c.req.query(name);
  if (text === undefined) return null;
  if (!/^\d{1,15}$/.test(text)) throw malformed(`\`${name}\` takes a whole number`);
  return Number(text);
}
