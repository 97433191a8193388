import canonicalize from "canonicalize";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { verifyRecords } from "../../sdk/index.ts";
import { policyText } from "./policy.ts";
import { startTarget } from "./target.ts";
import type { Asker, Edit, Reply, Target } from "./target.ts";

let target: Target;
let auditor: string;
const log: string[] = [];
beforeAll(async () => {
  target = await startTarget((line) => log.push(line));
  auditor = await target.person("oda@corp.com");
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

interface Line {
  readonly record: Readonly<Record<string, unknown>>;
  readonly args: string | null;
}

const pull = (asker: Asker): Promise<Reply> => target.call(`/v1/sessions/${asker.id}/records`, { token: auditor });

async function linesOf(asker: Asker): Promise<string[]> {
  return (await pull(asker)).text.split("\n").filter((line) => line !== "");
}

const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Line);

/** A stack, a path of a source, or the name of a class of errors. */
const INSIDES = /\bat .*:\d+:\d+|\.(?:ts|js|mjs)\b|node_modules|TypeError|RangeError|SyntaxError|SQLITE/;

describe("records", () => {
  async function worked(): Promise<{ readonly asker: Asker; readonly lines: string[] }> {
    const asker = await target.open("alpha");
    await target.decide(asker, "files.read", { file: "a" });
    await target.decide(asker, "no.such.action");
    await target.decide(asker, "files.read", { file: "../b" });
    await target.decide(asker, "secret.peek", { id: "x" });
    await target.decide(asker, "files.read", { file: "secret/x" });
    await target.decide(asker, "desk.act", { text: "x" });
    return { asker, lines: await linesOf(asker) };
  }

  test("hold every denial and refusal, in a chain that verifies", async () => {
    const { lines } = await worked();
    const reasons = parsed(lines).flatMap(({ record }) => (record["kind"] === "decision" ? [record["reason"]] : []));
    expect(reasons).toEqual(["rule", "unknown_action", "invalid_argument", "no_rule", "rule", "rule"]);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true, records: lines.length, problem: null });
  });

  test("name the one that was edited, taken out, put in, doubled or moved", async () => {
    const { lines } = await worked();
    const line = (at: number) => lines[at] ?? "";
    const edited = (from: string, to: string) => {
      expect(line(2)).toContain(from);
      return lines.with(2, line(2).replace(from, to));
    };
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["a decision turned round", edited('"decision":"deny"', '"decision":"allow"')],
      ["a second member of the same name", edited('"decision":"deny"', '"decision":"allow","decision":"deny"')],
      ["a note beside the record", edited('{"args":', '{"approved_by":"lea@corp.com","args":')],
      ["other arguments beside it", edited('{"args":"{}"', '{"args":"{\\"x\\":1}"')],
      ["taken out in the middle", lines.toSpliced(2, 1)],
      ["doubled", lines.toSpliced(2, 0, line(2))],
      ["moved", lines.with(2, line(3)).with(3, line(2))],
      ["of another session", lines.with(2, line(2).replaceAll(/ses_[0-9a-z]{26}/g, `ses_${"0".repeat(26)}`))],
    ];
    for (const [name, spoilt] of cases) expect(await verifyRecords(spoilt), name).toMatchObject({ ok: false });
  });

  test("a missing end shows against the head that the edge states", async () => {
    const { lines } = await worked();
    const whole = await verifyRecords(lines);
    const cut = await verifyRecords(lines.slice(0, -2));
    expect(cut.ok).toBe(true);
    expect(cut.sessions[0]?.head).not.toBe(whole.sessions[0]?.head);
    expect(cut.sessions[0]?.last).toBe(lines.length - 2);
  });

  test("two writers at once leave one chain without a gap", async () => {
    const asker = await target.open("beta");
    await Promise.all(Array.from({ length: 15 }, () => target.decide(asker, "files.read", { file: "a" })));
    const lines = await linesOf(asker);
    expect(parsed(lines).map(({ record }) => record["seq"])).toEqual(lines.map((_, at) => at + 1));
    expect(await verifyRecords(lines)).toMatchObject({ ok: true });
  });

  test("are no agent's and no approver's to read, erase or find", async () => {
    const { asker, lines } = await worked();
    const lea = await target.person("lea@corp.com");
    const path = `/v1/sessions/${asker.id}/records`;
    for (const [token, status] of [
      [asker.token, 401],
      [lea, 403],
      [null, 401],
    ] as const) {
      expect((await target.call(path, { token })).status).toBe(status);
      expect((await target.call("/v1/sessions", { token })).status).toBe(status);
      const erased = await target.call(`${path}/2/args`, { method: "DELETE", token, body: { reason: "x" } });
      expect(erased.status).toBe(status);
    }
    expect(await linesOf(asker)).toEqual(lines);
  });

  test("payloads in the agent's text stay text: one record a line, nothing that a reader runs", async () => {
    const asker = await target.open("gamma");
    const payload =
      '\n{"record":{"kind":"forged"}}\r\n\u001b[2J\u202e<img src=x onerror=alert(1)> =HYPERLINK("x") *<!channel>*';
    await target.decide(asker, "chat.say", { text: payload }, { intent: payload });
    await target.decide(asker, `x${payload}`, {});
    const reply = await pull(asker);
    expect(reply.headers.get("content-type")).toBe("application/x-ndjson");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    const lines = reply.text.split("\n").filter((line) => line !== "");
    const kinds = parsed(lines).map(({ record }) => record["kind"]);
    expect(kinds).toEqual(["session.opened", "decision", "decision"]);
    expect(reply.text).not.toContain("\u001b");
    expect(parsed(lines)[1]?.record["intent"]).toBe(payload);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true });
  });
});

describe("secrets", () => {
  const PIN = "4711-hunter2";
  const KEY = "AKIAIOSFODNN7EXAMPLE";
  const CARD = "4111 1111 1111 1111";
  const attempts: readonly (readonly [string, string, object, string])[] = [
    ["as declared", "vault.open", { pin: PIN, who: "bo" }, "ask rule"],
    ["of another type", "vault.open", { pin: [PIN], who: "bo" }, "deny invalid_argument"],
    ["too long", "vault.open", { pin: `${PIN}${PIN}`, who: "bo" }, "deny invalid_argument"],
    ["under a misspelt name", "vault.open", { pim: PIN, who: "bo" }, "deny invalid_argument"],
    ["in a misspelt action", "vault.opem", { pin: PIN, who: "bo" }, "deny unknown_action"],
    ["in an action that isn't granted", "secret.peek", { id: "x", pin: PIN }, "deny invalid_argument"],
    ["deep inside", "vault.reset", { entries: [{ pin: PIN, who: "bo" }] }, "allow rule"],
    ["in a list that isn't one", "vault.reset", { entries: { pin: PIN, who: "bo" } }, "deny invalid_argument"],
    ["in a field that isn't declared", "vault.reset", { entries: [{ pim: PIN, who: "bo" }] }, "deny invalid_argument"],
    ["found by a detector", "chat.say", { text: `the key is ${KEY}.` }, "deny rule"],
    ["found deep inside", "chat.say", { text: "x", more: { a: [{ b: CARD }] } }, "deny rule"],
    ["found in a name", "chat.say", { text: "x", more: { [KEY]: 1 } }, "deny rule"],
    ["found in what is asked", "desk.act", { text: `pay with ${CARD}` }, "ask rule"],
    ["as an action", KEY, {}, "deny unknown_action"],
    ["as an argument's name", "chat.say", { text: "x", [KEY]: 1 }, "deny invalid_argument"],
  ];

  test("stand in no record, approval, error or log, whatever they are called", async () => {
    const asker = await target.open("delta");
    const texts: string[] = [];
    for (const [name, action, args, outcome] of attempts) {
      const reply = await target.ask(asker, action, args);
      expect(`${String(reply.body["decision"])} ${String(reply.body["reason"])}`, name).toBe(outcome);
      texts.push(reply.text);
    }
    const lea = await target.person("lea@corp.com");
    texts.push((await target.call("/v1/approvals", { token: lea })).text);
    const told = await target.ask(asker, "chat.say", { text: "hi" }, { intent: `log in with ${KEY}` });
    texts.push(told.text);
    // The agent hears of its own resource; nobody else does.
    await target.ask(asker, "files.read", { file: KEY }, { resources: [`files/${KEY}`] });
    const lines = await linesOf(asker);
    expect(lines.join("\n")).toMatch(/"intent":"withheld: \d+ characters, in which secrets were found"/);
    for (const text of [...texts, ...lines, ...log])
      for (const secret of [PIN, KEY, CARD]) expect(text).not.toContain(secret);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true, unchecked: { args: 0 } });
  });

  test("nor do they where an agent names a client, a task, a role, a request or an approval", async () => {
    const words = { client: `cli of ${KEY}`, task: `pay with ${CARD}` };
    const boss = await target.open("boss", {
      ...words,
      requester_token: await target.requester("bo@corp.com", "boss"),
    });
    const above = { method: "POST", token: boss.token, body: { agent: "scribe" } } as const;
    const { ticket } = (await target.call("/v1/session/delegations", above)).body;
    const scribe = await target.open("scribe", { ticket, client: KEY });
    const role = { method: "POST", token: boss.token, body: { role: KEY, reason: "x" } } as const;
    const texts = [(await target.call("/v1/elevations", role)).text];
    await target.ask(scribe, "notes.add", { text: "x" }, { request_id: KEY, approval: KEY });
    await target.ask(scribe, "files.read", { file: KEY }, { resources: ["files/x"] });
    expect(await target.decide(scribe, "desk.act", { text: "x" })).toMatchObject({ decision: "ask" });
    texts.push((await target.call("/v1/approvals", { token: await target.person("lea@corp.com") })).text);
    const lines = await linesOf(boss);
    expect(lines.length).toBeGreaterThan(5);
    for (const text of [...texts, ...lines, ...log])
      for (const secret of [KEY, CARD]) expect(text).not.toContain(secret);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true });
  });

  test("and a request id with other withheld words is another request", async () => {
    const asker = await target.open("delta");
    const send = (action: string, approval: string) =>
      target.call("/v1/authorize", {
        method: "POST",
        token: asker.token,
        body: { action, args: {}, request_id: "one-id", approval },
      });
    const card = "4111 1111 1111 1111";
    const first = await send("crm.read", card);
    expect(first.status).toBe(200);
    expect((await send("crm.read", card)).status).toBe(200);
    expect((await send("crm.read", "5500 0000 0000 0004")).status).toBe(422);
    expect((await send("crm.read", "withheld: 19 characters, in which card_numbers were found")).status).toBe(422);
    const guess = canonicalize({ action: "crm.read", args: {}, resources: null, approval: card });
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(guess));
    expect(first.body["request_digest"]).not.toContain(Buffer.from(bytes).toString("hex"));
  });

  test("can't be tried out against a digest in the records", async () => {
    const asker = await target.open("delta");
    const args = { pin: "4711", who: "bo" };
    const asked = await target.decide(asker, "vault.open", args);
    const digest = async (value: unknown) => {
      const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonicalize(value)));
      return Buffer.from(bytes).toString("hex");
    };
    const guesses = [
      await digest(args),
      await digest(args.pin),
      await digest({ action: "vault.open", args, resources: null, approval: null }),
    ];
    const text = (await pull(asker)).text + JSON.stringify(asked);
    for (const guess of guesses) expect(text).not.toContain(guess);
    // Still the digest tells one secret from another.
    const other = await target.decide(asker, "vault.open", { ...args, pin: "4712" });
    expect(other.request_digest).not.toBe(asked.request_digest);
    expect(other.approval?.id).not.toBe(asked.approval?.id);
  });

  test("fill no resource and are no limit's key: that doesn't compile", () => {
    for (const [from, to, code] of [
      ['on "vault/{who}"', 'on "vault/{pin}"', "AP3063"],
      ["allow vault.reset", "allow vault.reset\n  limit vault.open to 3 per session, args.pin", "AP3095"],
    ] as const) {
      const { table, diagnostics } = compile([
        { name: "p.agentpolicy", text: policyText(new Map()).replace(from, to) },
      ]);
      expect(table).toBeNull();
      expect(diagnostics.map((found) => found.code)).toContain(code);
    }
  });

  test("a request id with another secret, or with what stands for one, is another request", async () => {
    const asker = await target.open("delta");
    const send = (pin: unknown) =>
      target.call("/v1/authorize", {
        method: "POST",
        token: asker.token,
        body: { action: "vault.open", args: { pin, who: "bo" }, request_id: "same-id" },
      });
    expect((await send("4711")).status).toBe(200);
    const stored = parsed(await linesOf(asker)).find(({ args }) => args?.includes("hmac_sha256"));
    const { pin } = JSON.parse(stored?.args ?? "{}") as { pin: unknown };
    for (const other of ["4712", 4711, '"4711"', pin]) expect((await send(other)).status).toBe(422);
  });
});

describe("an edge that lacks something decides nothing", () => {
  const PATHS = ["/healthz", "/.well-known/jwks.json", "/v1/policy", "/v1/session", "/v1/approvals", "/v1/switches"];
  const flipped: Edit = (table) => table.replace('"tier":"never"', '"tier":"allow"');

  test("no table, another byte, another version, a missing key, an older policy: 503, with nothing of the insides", async () => {
    const asker = await target.open("payer");
    const sequence = target.sequence();
    const origin = [target.url];
    const deployment = (change: object) => ({
      DEPLOYMENT: JSON.stringify({ sequence: sequence + 100, environment: "development", origins: origin, ...change }),
    });
    const spoilt: readonly (readonly [string, Edit, Parameters<Target["reloadRaw"]>[1]])[] = [
      ["another byte", flipped, {}],
      ["another version", (table) => table.replace(/"format":\s*\d+/, '"format":999'), {}],
      ["no key for records", (table) => table, { ARGS_MAC_KEY: null }],
      ["no key for permits", (table) => table, { PERMIT_KEY: "{}" }],
      ["the development issuer elsewhere", (table) => table, deployment({ environment: "production" })],
    ];
    for (const [name, edit, bindings] of spoilt) {
      await target.reloadRaw(edit, bindings);
      const answers = await Promise.all([
        ...PATHS.map((path) => target.call(path, { token: asker.token })),
        target.ask(asker, "files.read", { file: "a" }),
      ]);
      for (const { status, text } of answers) {
        expect(status, name).toBe(503);
        expect(text).not.toMatch(INSIDES);
        expect(text).not.toContain('permit":');
      }
    }
    await target.reload((policy) => policy.replace("every agent {", "every agent {\n  never admin"));
    await target.decide(asker, "files.read", { file: "a" });
    expect(target.sequence()).toBeGreaterThan(sequence);
    // The older policy again, as a rollback or an older version of the Worker would bring it.
    await target.reloadRaw((table) => table, deployment({ sequence }));
    const stale = await target.ask(asker, "files.read", { file: "a" });
    expect([stale.status, stale.body["type"]]).toEqual([503, "urn:agentpolicy:problem:policy_stale"]);
    const opened = await target.call("/v1/sessions", {
      method: "POST",
      token: await target.assertion("payer"),
      body: {},
    });
    expect(opened.status).toBe(503);
    await target.reload();
    expect((await target.state(asker)).calls).toBe(1);
  });

  test("nothing that is sent brings a stack or a path of the code into an answer", async () => {
    const asker = await target.open("payer");
    const { token } = asker;
    const bodies = [
      "",
      "{",
      "[]",
      "null",
      '"x"',
      `{"action":${"[".repeat(200)}`,
      '{"action":1}',
      "\u0000",
      '{"a":1e999}',
    ];
    const replies = await Promise.all([
      ...bodies.map((body) => target.call("/v1/authorize", { method: "POST", token, body })),
      ...["%ZZ", "%00", "..%2f..", "a".repeat(4000), "\u{1f600}", "__proto__", "constructor"].flatMap((name) =>
        ["/v1/approvals/", "/v1/sessions/", "/v1/switches/agent/", "/"].map((path) =>
          target.call(`${path}${name}`, { token: auditor }),
        ),
      ),
      target.call("/v1/approvals/x?wait=1e9", { token }),
      target.call("/v1/sessions?agent=__proto__", { token: auditor }),
      target.call("/v1/policy", { token: "eyJhbGciOiJub25lIn0.e30." }),
    ]);
    for (const { status, text } of replies) {
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(INSIDES);
    }
    expect((await target.state(asker)).calls).toBe(0);
  });
});
