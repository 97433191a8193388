/** A session below another through the client: against the real Worker with the policy of the example, and on the wire. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CryptoKey } from "jose";
import { exportJWK } from "jose";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { BadRequest, connect, connectPerson, Denied, EdgeUnreachable, SessionExpired } from "../../sdk/index.ts";
import type { OpenOptions, Session } from "../../sdk/index.ts";
import { type AgentKeys, makeKeys } from "../harness/agent-keys.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { deny, fakeEdge, KEY, open as openAtFake } from "./fake-edge.ts";

const POLICY = join(import.meta.dirname, "../../examples/06-two-agents/desk.agentpolicy");

let edge: LocalEdge;
let keys: AgentKeys;

beforeAll(async () => {
  keys = await makeKeys<string>(["editor", "scout"]);
  const text = readFileSync(POLICY, "utf8").replaceAll(
    /(agent (\w+) \{[^}]*identity key ed25519 )"[^"]*"/g,
    (_, before: string, agent: string) => `${before}"${keys.public.get(agent) ?? ""}"`,
  );
  edge = await startEdge({ table: compiledTable(text), directory: null });
});

afterAll(() => edge.stop());

async function open(agent: string, options: OpenOptions = {}): Promise<Session> {
  const key = await exportJWK(keys.keys.get(agent) as CryptoKey);
  return connect({ edge: edge.url, agent, key }).open(options);
}

describe("a run of two agents", () => {
  test("does what both allow, marks one state, and ends with the session above", async () => {
    const run = await open("editor");
    const { ticket, expires_at } = await run.delegate("scout");
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(60_000);
    const below = await open("scout", { ticket });
    expect(below.id).toBe(`${run.id}.1`);
    const read = below.guard("web.fetch", ({ url }: { url: string }) => `read ${url}`);
    expect(await read({ url: "https://en.wikipedia.org/wiki/Copper" })).toContain("read");
    await expect(read({ url: "https://evil.example/" })).rejects.toThrow(Denied);
    expect(await below.authorize("notes.read", { topic: "copper" })).toMatchObject({ reason: "not_delegated" });
    expect(await run.authorize("report.publish", { week: 47 })).toMatchObject({ decision: "ask" });
    expect(await below.state()).toMatchObject({ root: run.id, depth: 1, labels: ["untrusted"], calls: 1 });
    await run.close();
    await expect(read({ url: "https://en.wikipedia.org/wiki/Tin" })).rejects.toThrow(SessionExpired);
  });

  test("is one log, which says who did what for whom", async () => {
    const run = await open("editor");
    const below = await open("scout", { ticket: (await run.delegate("scout")).ticket });
    await below.authorize("notes.add", { topic: "tin", text: "none" });
    const token = await edge.personToken({ email: "ida@acme.example" });
    const auditor = connectPerson({ edge: edge.url, token });
    const lines: string[] = [];
    await auditor.records(below.id, (line) => lines.push(line));
    const records = lines.map((line) => (JSON.parse(line) as { record: object }).record);
    expect(records).toMatchObject([
      { kind: "session.opened", session: run.id, chain: ["editor"] },
      { kind: "session.delegated", to: "scout" },
      { kind: "session.opened", session: below.id, above: run.id, chain: ["editor", "scout"] },
      { kind: "decision", action: "notes.add", agent: "scout", chain: ["editor", "scout"], decision: "allow" },
    ]);
    const listed = await auditor.sessions();
    expect(listed.filter(({ root }) => root === run.id).map(({ agent }) => agent)).toEqual(["scout", "editor"]);
    await run.close();
  });

  test("isn't made without the policy's word, and a refusal says whose it would be", async () => {
    const scout = await open("scout");
    const refused = await scout.delegate("editor").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BadRequest);
    expect((refused as BadRequest).message).toContain("its owner adds that to the policy");
    await scout.close();
    await expect(scout.delegate("editor")).rejects.toThrow();
    const run = await open("editor");
    const { ticket } = await run.delegate("scout");
    const brought = open("scout", { ticket, task: "anything" });
    await expect(brought).rejects.toThrow(/has its root.s task and requester; leave `task` out/);
    await run.close();
    await expect(run.delegate("scout")).rejects.toThrow(SessionExpired);
    await expect(open("scout", { ticket })).rejects.toThrow(SessionExpired);
  });
});

describe("on the wire", () => {
  test("a ticket is sent once, since it opens one session", async () => {
    await using fake = await fakeEdge({ open: () => "reset" });
    const client = connect({ edge: fake.url, agent: "billing_bot", key: KEY });
    await expect(client.open({ ticket: "tkt_1" })).rejects.toThrow(EdgeUnreachable);
    expect(fake.seen).toMatchObject([{ path: "/v1/sessions", body: { ticket: "tkt_1" } }]);
  });

  test("a policy's no to delegating is a denial", async () => {
    await using fake = await fakeEdge({ delegation: () => deny("frozen") });
    await expect((await openAtFake(fake)).delegate("scout")).rejects.toThrow(Denied);
  });

  test("an answer without a ticket is none", async () => {
    await using fake = await fakeEdge({ delegation: () => ({ status: 201, json: { expires_at: "soon" } }) });
    await expect((await openAtFake(fake)).delegate("scout")).rejects.toThrow("no `ticket`");
  });
});
