import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bundleWorker } from "../../cli/local/bundle-worker.ts";
import { lockDirectory } from "../../cli/local/directory-lock.ts";
import { isRunning, ownRuntimes } from "../../cli/local/processes.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { httpCall } from "../harness/http-call.ts";
import { makeAgents, tableText } from "./edge-under-test.ts";

let table: string;
let home: string;
const started: LocalEdge[] = [];

beforeAll(async () => {
  table = tableText(await makeAgents());
  home = mkdtempSync(join(tmpdir(), "agentpolicy-local-"));
});
afterEach(async () => {
  for (const edge of started.splice(0)) await edge.stop();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function start(directory: string | null, more: object = {}): Promise<LocalEdge> {
  const edge = await startEdge({ table, directory, ...more });
  started.push(edge);
  return edge;
}

describe("the directory of an edge", () => {
  test("holds keys and tokens that only their owner can read, and is ignored by git", async () => {
    const directory = join(home, "one", ".agentpolicy");
    const edge = await start(directory);
    const mode = (name: string): string => (statSync(join(directory, name)).mode & 0o777).toString(8);
    expect(mode("keys.json")).toBe("600");
    expect(mode("tokens")).toBe("700");
    for (const name of ["operator", "auditor", "approver", "approver-2", "people/max@corp.example", "requester/clerk"])
      expect([name, mode(`tokens/${name}`)]).toEqual([name, "600"]);
    expect(readFileSync(join(directory, ".gitignore"), "utf8")).toBe("*\n");
    expect(readFileSync(join(directory, "edge"), "utf8").trim()).toBe(edge.url);
  });

  test("has tokens that are good for what their names say", async () => {
    const directory = join(home, "one", ".agentpolicy");
    const edge = await start(directory);
    const status = async (name: string, path: string): Promise<number> =>
      (await httpCall(edge.url, path, { token: readFileSync(join(directory, "tokens", name), "utf8").trim() })).status;
    expect(await status("operator", "/v1/switches")).toBe(200);
    expect(await status("auditor", "/v1/sessions")).toBe(200);
    expect(await status("approver", "/v1/approvals?status=pending")).toBe(200);
    expect(await status("operator", "/v1/sessions")).toBe(403);
  });

  test("keeps its keys and its sequence over a restart", async () => {
    const directory = join(home, "two");
    const first = await start(directory);
    const keys = readFileSync(join(directory, "keys.json"), "utf8");
    const jwks = (await httpCall(first.url, "/.well-known/jwks.json")).text;
    await first.stop();
    const second = await start(directory);
    expect(readFileSync(join(directory, "keys.json"), "utf8")).toBe(keys);
    expect((await httpCall(second.url, "/.well-known/jwks.json")).text).toBe(jwks);
    expect(second.sequence()).toBe(1);
  });

  test("is one edge's at a time, and free again when that one stops", async () => {
    const directory = join(home, "three");
    const edge = await start(directory);
    await expect(startEdge({ table, directory })).rejects.toThrow(/another edge runs over/);
    await edge.stop();
    await start(directory);
  });

  test("is taken over from an owner that is gone", async () => {
    const directory = join(home, "four");
    await (await start(directory)).stop();
    writeFileSync(join(directory, "lock"), JSON.stringify({ pid: 2 ** 22 + 1, started: "1", runtime: [] }));
    await start(directory);
  });

  test("is free only when what its last owner left running is gone", async () => {
    const directory = join(home, "left");
    const runtime = join(home, "workerd");
    copyFileSync("/bin/sleep", runtime);
    const left = spawn(runtime, ["60"], { stdio: "ignore" });
    await new Promise((resolve) => left.once("spawn", resolve));
    mkdirSync(directory);
    writeFileSync(join(directory, "lock"), JSON.stringify({ pid: 2 ** 22 + 1, started: "1", runtime: [left.pid] }));
    const lock = await lockDirectory(directory);
    expect(isRunning(left.pid ?? 0)).toBe(false);
    lock.release();
  });

  test.each(["keys.json", "sequence.json"])("with a damaged %s isn't started over", async (name) => {
    const directory = join(home, `damaged-${name}`);
    await (await start(directory)).stop();
    writeFileSync(join(directory, name), "{");
    await expect(startEdge({ table, directory })).rejects.toThrow(/damaged/);
    expect(readFileSync(join(directory, name), "utf8")).toBe("{");
    expect(existsSync(join(directory, "lock"))).toBe(false);
  });

  test("that was only lent is gone after the stop, and so is the runtime", async () => {
    const edge = await start(null);
    const { directory } = edge;
    const runtimes = ownRuntimes().length;
    await edge.stop();
    expect(existsSync(directory)).toBe(false);
    expect(ownRuntimes().length).toBe(runtimes - 1);
  });
});

describe("the port", () => {
  test("that another program uses is refused in plain words", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const directory = join(home, "five");
    await expect(startEdge({ table, directory, port })).rejects.toThrow(`port ${port} is in use by another program`);
    await new Promise((resolve) => server.close(resolve));
    await start(directory, { port });
  });
});

describe("the bundle", () => {
  test("is the same for every policy and leaves the table outside", async () => {
    const { code } = await bundleWorker();
    expect(code).toMatch(/from\s*"\.\/table\.txt"/);
  });
});
