/** What auditors ask of the ledger over HTTP, on the real Worker. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { rotateLocal } from "../../cli/rotate/rotate-local.ts";
import {
  isConsistent,
  isSignedBy,
  leafHash,
  parseCheckpoint,
  rootOfInclusion,
  verifyRecords,
} from "../../sdk/index.ts";
import type { InclusionProof } from "../../sdk/index.ts";
import { until } from "../harness/until.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let operator: string;
let auditor: string;
let today: string;

beforeAll(async () => {
  edge = await startTestEdge();
  await untilMidnightIsFar();
  today = new Date().toISOString().slice(0, 10);
  operator = await edge.person("oda@corp.example");
  auditor = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
});
afterAll(() => edge.edge.stop());

const get = (path: string, token = auditor) => edge.call(path, { token });
const DAY = 24 * 60 * 60 * 1_000;

/** Records are asked for by the day, and the Worker's clock is the machine's: no other day can be stated to it. */
function untilMidnightIsFar(): Promise<void> {
  const begun = Date.now();
  const isFar = () => DAY - (begun % DAY) > 50_000 || Date.now() % DAY < begun % DAY;
  return until("the next day has begun", isFar, { longest: 55_000 });
}

interface Page {
  readonly records: readonly {
    readonly record: { readonly session: string; readonly seq: number };
    readonly args: unknown;
  }[];
  readonly cursor: string;
  readonly more: boolean;
}
const page = async (query: string) => (await get(`/v1/audit?day=${today}${query}`)).body as unknown as Page;

/** Closed, with as many decisions, and anchored. */
async function ran(agent: string, count: number): Promise<string> {
  const { token, session } = await edge.open(agent, agent === "clerk" ? { requester_token: await requester() } : {});
  for (let asked = 0; asked < count; asked += 1)
    await edge.decide(token, { action: "files.read", args: { file: `f-${asked}` } });
  await edge.call("/v1/session", { method: "DELETE", token });
  await vi.waitFor(
    async () => {
      const { body } = await get(`/v1/audit/proof?session=${session.id}&seq=${count + 2}`);
      expect(body["proof"]).toMatchObject({ seq: count + 2 });
    },
    { timeout: 10_000, interval: 100 },
  );
  return session.id;
}

const requester = () => edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" });

describe("records by agent and day", () => {
  test("come in the order in which they were taken, page by page, and go on with what is taken later", async () => {
    const sessions = [await ran("bot", 3), await ran("bot", 2), await ran("bot", 1)];
    await ran("helper", 1);
    const all = await page("&agent=bot");
    expect(all.more).toBe(false);
    const named = all.records.map(({ record }) => `${record.session} ${record.seq}`);
    expect(named.toSorted()).toEqual(
      sessions.flatMap((id, index) => Array.from({ length: 5 - index }, (_, at) => `${id} ${at + 1}`)).toSorted(),
    );
    const paged: string[] = [];
    let cursor = "";
    for (let more = true; more; ) {
      const next = await page(`&agent=bot&limit=3${cursor === "" ? "" : `&after=${cursor}`}`);
      paged.push(...next.records.map(({ record }) => `${record.session} ${record.seq}`));
      ({ cursor, more } = next);
    }
    expect(paged).toEqual(named);
    expect((await page(`&agent=bot&after=${all.cursor}`)).records).toEqual([]);
    const later = await ran("bot", 1);
    const fresh = await page(`&agent=bot&after=${all.cursor}`);
    expect(fresh.records.map(({ record }) => [record.session, record.seq])).toEqual(
      [1, 2, 3].map((seq) => [later, seq]),
    );
  });

  test("are as they were sealed, with their arguments", async () => {
    const id = await ran("helper", 2);
    const { text } = await get(`/v1/audit?day=${today}&agent=helper&limit=500`);
    const lines = (await get(`/v1/sessions/${id}/records`)).text.trim().split("\n");
    for (const line of lines) expect(text).toContain(line);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true });
  });

  test("without an agent are everybody's, and what concerns nobody", async () => {
    await edge.call("/v1/switches/action/pay", { method: "PUT", token: operator, body: { reason: "a test" } });
    await edge.call("/v1/switches/action/pay", { method: "DELETE", token: operator, body: { reason: "a test" } });
    const board = (await get("/v1/sessions/board/records")).text.trim().split("\n");
    const kinds = board.map((line) => (JSON.parse(line) as { record: { kind: string } }).record.kind);
    expect(kinds).toEqual(expect.arrayContaining(["policy.deployed", "switch.flipped", "switch.lifted"]));
    expect(await verifyRecords(board)).toMatchObject({ ok: true });
    const everybody = await page("&limit=500");
    const own = await page("&agent=bot&limit=500");
    expect(everybody.records.length).toBeGreaterThan(own.records.length);
    expect((await page("&agent=nobody")).records).toEqual([]);
    expect((await get("/v1/audit?day=2020-01-01")).body).toMatchObject({ records: [], more: false });
  });

  test("come in pages that a Worker can hold, however long their arguments are", async () => {
    const file = "x".repeat(60_000);
    const ids = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const { token, session } = await edge.open("helper");
        for (let asked = 0; asked < 40; asked += 1) {
          const body = { action: "files.read", args: { file }, request_id: `long-${asked}` };
          await vi.waitFor(async () => expect((await edge.authorize(token, body)).status).toBe(200), {
            timeout: 5_000,
          });
        }
        await edge.call("/v1/session", { method: "DELETE", token });
        return session.id;
      }),
    );
    const found: string[] = [];
    let cursor = "";
    for (let more = true; more; ) {
      const next = await page(`&agent=helper&limit=500${cursor === "" ? "" : `&after=${cursor}`}`);
      expect(JSON.stringify(next).length).toBeLessThan(6 * 1024 * 1024);
      found.push(...next.records.map(({ record }) => `${record.session} ${record.seq}`));
      ({ cursor, more } = next);
    }
    for (const id of ids) expect(found.filter((one) => one.startsWith(id))).toHaveLength(42);
    expect(new Set(found).size).toBe(found.length);
  });

  test("has no leaves behind the end of the tree, nor between two sizes that go backwards", async () => {
    for (const range of ["from=99999&to=100000", "from=99999", "from=2&to=1"]) {
      const { status, body } = await get(`/v1/audit/leaves?shard=0&${range}`);
      expect({ range, status, runs: body["runs"] }).toEqual({ range, status: 200, runs: [] });
    }
  });

  test("are auditors' alone, and misspelt questions are refused", async () => {
    const { token } = await edge.open("bot");
    const paths = [
      `/v1/audit?day=${today}`,
      "/v1/audit/checkpoint",
      "/v1/audit/proof?shard=0&from=0&to=0",
      "/v1/audit/leaves?shard=0",
    ];
    for (const path of paths) {
      expect((await get(path, operator)).status, path).toBe(403);
      expect((await get(path, token)).status, path).toBe(401);
      expect((await edge.call(path)).status, path).toBe(401);
    }
    const wrong = [
      "/v1/audit",
      "/v1/audit?day=yesterday",
      "/v1/audit?day=2026-02-30",
      `/v1/audit?day=${today}&limit=x`,
      `/v1/audit?day=${today}&after=1.2`,
      `/v1/audit?day=${today}&after=a.0.0.0.0.0.0.0`,
      "/v1/audit/proof",
      "/v1/audit/proof?shard=8&from=0&to=0",
      "/v1/audit/proof?shard=0&from=-1&to=0",
      "/v1/audit/leaves",
      "/v1/audit/leaves?shard=0&from=x",
    ];
    for (const path of wrong) expect((await get(path)).status, path).toBe(400);
    expect((await get("/v1/audit/proof?session=ses_x&seq=1")).status).toBe(404);
    expect((await get("/v1/audit/proof?shard=0&from=5&to=1")).status).toBe(404);
  });
});

describe("checkpoints", () => {
  const bytesOf = (hashes: readonly string[], encoding: "base64" | "hex") =>
    hashes.map((hash) => new Uint8Array(Buffer.from(hash, encoding)));
  const keysOf = async () => {
    const { keys } = (await edge.call("/.well-known/jwks.json")).body as { keys: { use: string; x: string }[] };
    return keys.filter(({ use }) => use === "checkpoint").map(({ x }) => new Uint8Array(Buffer.from(x, "base64url")));
  };
  const notes = async () => {
    const { checkpoints } = (await get("/v1/audit/checkpoint")).body as { checkpoints: { note: string }[] };
    return checkpoints.map(({ note }) => parseCheckpoint(note)).filter((each) => each !== null);
  };

  test("of all shards are signed by what is published, and later ones continue earlier ones", async () => {
    const before = await notes();
    const keys = await keysOf();
    expect(before.map(({ origin }) => origin)).toEqual(
      Array.from({ length: 8 }, (_, shard) => `${new URL(edge.url).host}/ledger/${shard}`),
    );
    for (const checkpoint of before) expect(await isSignedBy(checkpoint, keys)).toBe(true);
    await ran("bot", 2);
    const after = await notes();
    expect(after.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(
      before.reduce((sum, { size }) => sum + size, 0),
    );
    for (const [shard, checkpoint] of after.entries()) {
      const earlier = before[shard] ?? checkpoint;
      const { body } = await get(`/v1/audit/proof?shard=${shard}&from=${earlier.size}&to=${checkpoint.size}`);
      expect(await isConsistent(earlier, checkpoint, bytesOf(body["hashes"] as string[], "base64"))).toBe(true);
    }
  });

  test("vouch for a record by its hash and one path", async () => {
    const session = await ran("bot", 1);
    const { body } = await get(`/v1/audit/proof?session=${session}&seq=1`);
    const { proof, checkpoint } = body as { proof: InclusionProof; checkpoint: string };
    const signed = parseCheckpoint(checkpoint);
    const [line = ""] = (await get(`/v1/sessions/${session}/records`)).text.split("\n");
    const { hash } = (JSON.parse(line) as { record: { hash: string } }).record;
    const [leaf = new Uint8Array()] = bytesOf([hash.slice("sha256:".length)], "hex");
    const path = bytesOf(proof.hashes, "base64");
    expect(await rootOfInclusion(await leafHash(leaf), proof.leaf, proof.size, path)).toEqual(signed?.root);
  });

  test("are signed anew by the next key and by the one before it, and keep their names when the edge moves", async () => {
    const before = await notes();
    await rotateLocal(edge.edge.directory, "checkpoint", Math.floor(Date.now() / 1000), false);
    const origins = ["https://moved.test", edge.url];
    const DEPLOYMENT = JSON.stringify({ sequence: 99, environment: "development", origins });
    await edge.edge.reload(edge.table, { DEPLOYMENT });
    const [newest, first] = await keysOf();
    const after = await notes();
    expect(after.map(({ origin }) => origin)).toEqual(before.map(({ origin }) => origin));
    for (const checkpoint of before) expect(await isSignedBy(checkpoint, [first ?? new Uint8Array()])).toBe(true);
    for (const checkpoint of after) {
      expect(await isSignedBy(checkpoint, [newest ?? new Uint8Array()])).toBe(true);
      // Whoever has the key from before the rotation only goes on checking by it.
      expect(await isSignedBy(checkpoint, [first ?? new Uint8Array()])).toBe(true);
      expect(checkpoint.signatures).toHaveLength(2);
    }
  });
});
