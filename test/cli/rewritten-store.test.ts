/** Somebody who can write to the edge's disk: what is changed there shows in what auditors pull. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { connect } from "../../sdk/index.ts";
import { compiledFile } from "../harness/compiled-table.ts";
import { agentpolicy, FIRST_POLICY, folderWith } from "./run-command.ts";
import type { Folder } from "./run-command.ts";

const table = compiledFile(join(FIRST_POLICY, "sales.agentpolicy"));
let folder: Folder;
let edge: LocalEdge;

const start = async (): Promise<void> => {
  edge = await startEdge({ table, directory: join(folder.path, ".agentpolicy") });
};

beforeAll(async () => {
  folder = folderWith({});
  await start();
  writeFileSync(join(folder.path, "jwks.json"), await (await fetch(`${edge.url}/.well-known/jwks.json`)).text());
});
afterAll(async () => {
  await edge.stop();
  folder[Symbol.dispose]();
});

/** Five records, the last but one anchored with those before it; the session goes on. */
async function ran() {
  const key = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");
  const session = await connect({ edge: edge.url, agent: "sales_bot", key }).open();
  for (const deal of ["d-1", "d-2", "d-3"]) await session.authorize("crm.deals.read", { deal });
  await session.close();
  await vi.waitFor(async () => expect(await proof(session.id)).toMatchObject({ proof: { seq: 5 } }), {
    timeout: 10_000,
    interval: 100,
  });
  return session.id;
}

async function proof(session: string): Promise<unknown> {
  const token = readFileSync(join(folder.path, ".agentpolicy/tokens/auditor"), "utf8").trim();
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${edge.url}/v1/audit/proof?session=${session}&seq=5`, { headers })).json();
}

/** The object's own file, found by what is in it. */
function storeOf(session: string): string {
  const state = join(folder.path, ".agentpolicy/state");
  const files = readdirSync(state, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sqlite"));
  const found = files.map((name) => join(state, name)).find((path) => holds(path, session));
  if (found === undefined) throw new Error(`no store of ${session}`);
  return found;
}

function holds(path: string, session: string): boolean {
  using store = new DatabaseSync(path, { readOnly: true });
  const tables = store
    .prepare("SELECT count(*) AS count FROM sqlite_master WHERE name IN ('records', 'session')")
    .get();
  if (tables?.["count"] !== 2) return false;
  return String(store.prepare("SELECT text FROM records WHERE seq = 1").get()?.["text"]).includes(session);
}

/** While the edge is down. */
async function tampered(session: string, change: (store: DatabaseSync) => void): Promise<string> {
  await edge.stop();
  {
    using store = new DatabaseSync(storeOf(session));
    change(store);
  }
  await start();
  const cwd = folder.path;
  expect(await agentpolicy(["audit", "pull", "-o", "log.ndjson"], { cwd })).toMatchObject({ code: 0 });
  const { code, stdout } = await agentpolicy(["audit", "verify", "log.ndjson", "--key", "jwks.json"], { cwd });
  expect(code).toBe(1);
  return stdout;
}

test("records that were deleted at the end", async () => {
  const id = await ran();
  const said = await tampered(id, (store) => store.exec("DELETE FROM records WHERE seq >= 4"));
  expect(said).toContain(`record 4 of ${id} and all up to 5 were removed at the end: the ledger holds 5`);
});

test("a log that was written anew with all its hashes, and what the session then goes on with", async () => {
  const id = await ran();
  const said = await tampered(id, (store) => {
    let prev: string | null = null;
    for (const row of store.prepare("SELECT seq, text FROM records ORDER BY seq").all()) {
      const { hash: _hash, ...record } = JSON.parse(String(row["text"])) as { [field: string]: unknown };
      const next: { [field: string]: unknown } = {
        ...record,
        ...(row["seq"] === 3 ? { action: "crm.deals.list" } : {}),
        prev,
      };
      prev = `sha256:${createHash("sha256")
        .update(canonicalize(next) ?? "")
        .digest("hex")}`;
      const text = canonicalize({ ...next, hash: prev }) ?? "";
      store.prepare("UPDATE records SET hash = ?, text = ? WHERE seq = ?").run(prev, text, Number(row["seq"]));
    }
    // As if it had not been handed over yet: the ledger is offered the other history.
    store.exec("UPDATE handed SET seq = 0");
  });
  expect(said).toContain(`record 3 of ${id} isn't the one that was anchored: the log was rewritten from there on`);
  const cwd = folder.path;
  const erased = ["audit", "erase", id, "2", "--reason", "wakes the session"];
  expect(await agentpolicy(erased, { cwd })).toMatchObject({ code: 0 });
  await vi.waitFor(
    async () => {
      await agentpolicy(["audit", "pull", "-o", "log.ndjson"], { cwd });
      const { stdout } = await agentpolicy(["audit", "verify", "log.ndjson", "--key", "jwks.json"], { cwd });
      expect(stdout).toContain(
        `record 3 of ${id} was offered to the ledger as one that says something else, and refused`,
      );
    },
    { timeout: 20_000, interval: 1_000 },
  );
});
