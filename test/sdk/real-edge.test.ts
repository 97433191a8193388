/** The client against the real Worker: what an agent's program sees of a policy. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import {
  ApprovalDenied,
  connect,
  connectPerson,
  Denied,
  InvalidArgument,
  Killed,
  LimitExceeded,
  SessionExpired,
  Unauthenticated,
  verifyRecords,
} from "../../sdk/index.ts";
import type { Person, Session } from "../../sdk/index.ts";
import { verify } from "../../sdk/permit.ts";
import { compiledFile } from "../harness/compiled-table.ts";

const FOLDER = join(import.meta.dirname, "../../examples/01-first-policy");
const MAIL = { to: ["bo@customer.example"], subject: "Demo", body: "Tuesday?" };

let edge: LocalEdge;

beforeAll(async () => {
  edge = await startEdge({ table: compiledFile(join(FOLDER, "sales.agentpolicy")), directory: null });
});

afterAll(() => edge.stop());

const key = (agent: string): string => readFileSync(join(FOLDER, "keys", `${agent}.jwk`), "utf8");
const open = (agent = "sales_bot"): Promise<Session> => connect({ edge: edge.url, agent, key: key(agent) }).open();

async function person(email: string, groups: readonly string[] = []): Promise<Person> {
  return connectPerson({ edge: edge.url, token: await edge.personToken({ email, claims: { groups } }) });
}

test("a guarded function runs on an allow, and gets a permit that the executing service can check", async () => {
  const session = await open();
  const move = session.guard("crm.deals.move", (args, { permit, answer }) => ({ args, permit, answer }));
  const { args, permit, answer } = await move({ deal: "d-1", stage: "won" });
  expect(answer).toMatchObject({ decision: "allow", tier: "notify" });
  const jwks = await (await fetch(`${edge.url}/.well-known/jwks.json`)).json();
  const claims = await verify(permit, {
    args,
    seen: new Set(),
    jwks: jwks as never,
    issuer: edge.url,
    audience: "first-policy/development",
    action: "crm.deals.move",
  });
  expect(claims).toMatchObject({ sub: "sales_bot", sid: session.id, res: ["crm/deals/d-1"] });
  await session.close();
});

test("a mail waits for a lead, runs once when approved, and not when refused", async () => {
  const session = await open();
  const lead = await person("ana@acme.example");
  const sent: object[] = [];
  const draft = session.guard("mail.draft", (args: typeof MAIL) => sent.push(args));

  const pending = draft(MAIL);
  const waiting = await untilWaiting(lead);
  expect(waiting).toMatchObject({ action: "mail.draft", args: MAIL, agent: "sales_bot" });
  expect(sent).toEqual([]);
  await lead.decide(waiting.id, { decision: "approve", request_digest: waiting.request_digest });
  expect(await pending).toBe(1);
  expect(sent).toEqual([MAIL]);

  const refused = draft({ ...MAIL, subject: "Again" }).catch((error: unknown) => error);
  const second = await untilWaiting(lead);
  await lead.decide(second.id, { decision: "deny", reason: "not again", request_digest: second.request_digest });
  const error = await refused;
  expect(error).toBeInstanceOf(ApprovalDenied);
  expect(error).toMatchObject({ words: "not again" });
  expect(sent).toEqual([MAIL]);
  await session.close();
});

test("what became of a guarded function stands in the records when its caller goes on", async () => {
  const session = await open();
  const move = session.guard("crm.deals.move", ({ deal }: { deal: string; stage: string }) => {
    if (deal === "d-2") throw new Error("no such deal");
    return deal;
  });
  expect(await move({ deal: "d-1", stage: "won" })).toBe("d-1");
  await expect(move({ deal: "d-2", stage: "won" })).rejects.toThrow("no such deal");
  const auditor = await person("aud@acme.example", ["security"]);
  const records: { readonly kind: string; readonly status?: string; readonly decision_id?: string }[] = [];
  await auditor.records(session.id, (line) => records.push((JSON.parse(line) as { record: never }).record));
  const [first, second] = records.filter(({ kind }) => kind === "decision");
  expect(records.filter(({ kind }) => kind === "outcome")).toMatchObject([
    { status: "ok", decision_id: first?.decision_id },
    { status: "error", decision_id: second?.decision_id },
  ]);
  await session.close();
});

async function untilWaiting(lead: Person) {
  const look = async () => {
    const [first] = await lead.approvals();
    if (first === undefined) throw new Error("nothing came to the lead");
    return first;
  };
  return vi.waitFor(look, { timeout: 25_000, interval: 100 });
}

describe("what the policy refuses is an error of its own kind, and nothing runs", () => {
  const cases: readonly (readonly [string, string, object, new (...args: never[]) => Error])[] = [
    ["a never", "files.read", { file: "finance/payroll.xlsx" }, Denied],
    ["an unknown action", "files.reed", {}, Denied],
    ["a path that climbs", "files.read", { file: "a/../finance/x" }, InvalidArgument],
    ["an undeclared argument", "crm.notes.write", { deal: "d", text: "t", approved: true }, InvalidArgument],
  ];
  for (const [name, action, args, kind] of cases) {
    test(name, async () => {
      const session = await open();
      let called = false;
      const run = session.guard(action, () => {
        called = true;
      });
      await expect(run(args)).rejects.toThrow(kind);
      expect(called).toBe(false);
      await session.close();
    });
  }

  test("a limit, after exactly as many as it admits, however they come", async () => {
    const session = await open();
    let called = 0;
    const note = session.guard("crm.notes.write", () => ++called);
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => note({ deal: "d-1", text: `note ${n}` })),
    );
    expect(called).toBe(5);
    const refused = results.filter((one) => one.status === "rejected").map((one) => one.reason as unknown);
    expect(refused).toHaveLength(7);
    for (const reason of refused) expect(reason).toBeInstanceOf(LimitExceeded);
    await session.close();
  });
});

test("a closed session asks for nothing more", async () => {
  const session = await open();
  await session.close();
  const read = session.guard("crm.contacts.read", () => true);
  await expect(read({ contact: "c-1" })).rejects.toThrow(SessionExpired);
});

test("the same request id spends once and gives the same permit", async () => {
  const session = await open();
  const ask = () => session.authorize("crm.notes.write", { deal: "d-1", text: "x" }, { requestId: "same" });
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  expect(new Set(answers.map((answer) => answer.permit)).size).toBe(1);
  expect((await session.state()).calls).toBe(1);
  await session.close();
});

test("another agent's key opens nothing", async () => {
  const client = connect({ edge: edge.url, agent: "sales_bot", key: key("report_bot") });
  await expect(client.open()).rejects.toThrow(Unauthenticated);
});

test("a kill stops one agent and leaves the other, and the records hold together", async () => {
  const [sales, reports] = [await open("sales_bot"), await open("report_bot")];
  const operator = await person("op@acme.example", ["on-call"]);
  const { sessions_pending } = await operator.flip("agent", "sales_bot", "trying it out");
  expect(sessions_pending).toBe(0);
  await expect(sales.guard("crm.deals.read", () => true)({ deal: "d-1" })).rejects.toThrow(Killed);
  expect(await reports.guard("crm.deals.read", () => true)({ deal: "d-1" })).toBe(true);
  await expect(open("sales_bot")).rejects.toThrow(Killed);
  expect(await operator.switches()).toMatchObject([{ scope: "agent", name: "sales_bot", lifted: null }]);
  await operator.lift("agent", "sales_bot", "done");

  const auditor = await person("aud@acme.example", ["security"]);
  const lines: string[] = [];
  for (const { id } of await auditor.sessions()) await auditor.records(id, (line) => lines.push(line));
  const report = await verifyRecords(lines);
  expect(report.problem).toBeNull();
  expect(report.sessions.length).toBeGreaterThan(5);
  expect(report.unchecked).toMatchObject({ args: 0, without_beginning: 0 });
  const changed = lines.with(3, (lines[3] ?? "").replace('"kind":', '"Kind":'));
  expect((await verifyRecords(changed)).problem).toMatchObject({ line: 4 });
});
