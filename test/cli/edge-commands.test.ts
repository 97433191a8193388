/** Commands of people, run as child processes against the real Worker. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JWK } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { connect } from "../../sdk/index.ts";
import type { Session } from "../../sdk/index.ts";
import { signAssertion } from "../harness/agent-keys.ts";
import { compiledFile } from "../harness/compiled-table.ts";
import { type EdgeInFolder, startEdgeInFolder } from "./edge-in-folder.ts";
import { agentpolicy, FIRST_POLICY } from "./run-command.ts";
import type { Ran } from "./run-command.ts";

const MAIL = { to: ["bo@customer.example"], subject: "Demo", body: "Tuesday?\u001b[2J\u202e" };

const salesKey = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");

let folder: EdgeInFolder;
let edge: LocalEdge;
let session: Session;

beforeAll(async () => {
  folder = await startEdgeInFolder(compiledFile(join(FIRST_POLICY, "sales.agentpolicy")));
  ({ edge } = folder);
});

afterAll(() => folder.stop());

beforeEach(async () => {
  session = await connect({ edge: edge.url, agent: "sales_bot", key: salesKey }).open();
  return () => session.close();
});

const here = (...args: string[]): Promise<Ran> => folder.here(...args);

async function asked(args: object = MAIL): Promise<{ id: string; digest: string }> {
  const answer = await session.authorize("mail.draft", args, { intent: "says the agent\u0007" });
  return { id: answer.approval?.id ?? "", digest: answer.request_digest };
}

describe("approvals", () => {
  test("the list names what waits, and is empty after", async () => {
    const waits = (await here("approvals")).stderr.replaceAll(/\s+/g, " ");
    expect(waits).toMatch(/^nothing waits for you as \S+@\S+; `--as EMAIL` looks as somebody else of the policy $/);
    const { id, digest } = await asked();
    const { code, stdout } = await here("approvals");
    expect(code).toBe(0);
    expect(stdout).toContain(id);
    expect(stdout).toContain("lead_review 0/1");
    expect(await here("deny", id, "--digest", digest, "--reason", "no")).toMatchObject({ code: 0 });
    expect((await here("approvals")).stdout).toBe("");
  });

  test("what doesn't wait for whom the dev edge chose says whom that is, and how to be another", async () => {
    const chosen = (await here("approve", "apr_0")).stderr.replaceAll(/\s+/g, " ");
    expect(chosen).toMatch(/you act as \S+@\S+; `agentpolicy approvals --as EMAIL` lists what waits for somebody else/);
    for (const email of readdirSync(join(folder.path, ".agentpolicy/tokens/people")).slice(0, 2)) {
      const given = (await here("deny", "apr_0", "--as", email, "--reason", "no")).stderr;
      expect(given).toContain(
        "there is no approval with this id for you\n  help: `agentpolicy approvals` lists what waits",
      );
    }
  });

  test("a request is shown whole and inert, and nothing is decided without a terminal or a digest", async () => {
    const { id, digest } = await asked();
    const { code, stdout, stderr } = await here("approve", id);
    expect(code).toBe(2);
    expect(stderr).toContain(`--digest ${digest}`);
    expect(stdout).toContain("bo@customer.example");
    expect(stdout).toContain("Tuesday?\\u001b[2J\\u{202e}");
    expect(stdout).toContain("says the agent\\u{7}");
    expect(stdout).toContain("Keeps contacts and deals up to date");
    for (const hidden of ["\u001b", "\u202e", "\u0007"]) expect(stdout).not.toContain(hidden);
    expect((await session.approval(id)).status).toBe("pending");
  });

  test("the digest of another request decides nothing", async () => {
    const { id } = await asked();
    const { code, stderr } = await here("approve", id, "--digest", `sha256:${"0".repeat(64)}`);
    expect(code).toBe(1);
    expect(stderr).toContain("nothing was decided");
    expect((await session.approval(id)).status).toBe("pending");
  });

  test("approve with the digest of what was shown, and the agent may act", async () => {
    const { id, digest } = await asked();
    const { code, stdout } = await here("approve", id, "--digest", digest, "--as", "li@acme.example");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^approved as li@acme\.example; the agent can use this once, until\s+20\S+\n$/);
    expect(await session.authorize("mail.draft", MAIL, { approval: id })).toMatchObject({ decision: "allow" });
  });

  test("deny tells the agent why", async () => {
    const { id, digest } = await asked();
    expect(await here("deny", id, "--digest", digest, "--reason", "wrong customer")).toMatchObject({ code: 0 });
    expect(await session.approval(id)).toMatchObject({ status: "denied", reason: "wrong customer" });
  });

  test("one that was decided is shown, and nobody is sent to decide it again", async () => {
    const { id, digest } = await asked();
    expect(await here("deny", id, "--digest", digest, "--reason", "no")).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await here("approve", id);
    expect(code).toBe(1);
    expect(stdout).toContain(`${id}  (denied)`);
    expect(stderr).toContain("this request is denied; nothing is left to decide");
    expect(stderr).not.toContain("--digest");
  });

  test("one that isn't there", async () => {
    const { code, stderr } = await here("approve", "apr_1", "--digest", "x");
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a person who isn't in the policy", async () => {
    const { code, stderr } = await here("approvals", "--as", "li@acme.exmaple");
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean `li@acme.example`?");
  });
});

/** The shield in front goes by a copy that is a moment late after a lift: nobody is let in early, some a little late. */
async function opensAgain(): Promise<void> {
  const client = connect({ edge: edge.url, agent: "sales_bot", key: salesKey });
  await vi.waitFor(async () => (await client.open()).close(), { timeout: 20_000, interval: 100 });
}

describe("kill, switches, lift", () => {
  test("an agent is stopped, listed, and let go again", async () => {
    const killed = await here("kill", "agent", "sales_bot", "--reason", "mails look\u001b[31m odd");
    expect(killed.code).toBe(0);
    expect(killed.stdout).toMatch(
      /killed agent sales_bot as \S+@development\.test {2}\(swt_[\s\S]*sessions reached \d+, pending 0/,
    );
    expect(await session.authorize("crm.deals.read", { deal: "d" })).toMatchObject({ decision: "deny" });

    const listed = await here("switches");
    expect(listed.stdout).toContain("agent sales_bot");
    expect(listed.stdout).toContain("mails look\\u{1b}[31m odd");

    expect(await here("lift", "agent", "sales_bot", "--reason", "fixed")).toMatchObject({ code: 0 });
    expect((await here("switches")).stderr).toContain("no switch is flipped");
    expect((await here("switches", "--history")).stdout).toContain("fixed");
    expect(JSON.parse((await here("switches", "--history", "--json")).stdout)).toHaveProperty(
      "switches.0.lifted.reason",
    );
    await opensAgain();
  });

  test("a lift of what isn't flipped says so", async () => {
    const { code, stderr } = await here("lift", "agent", "report_bot", "--reason", "r");
    expect(code).toBe(1);
    expect(stderr).toContain("no switch is flipped for agent `report_bot`");
    expect(stderr).toContain("help: `agentpolicy switches` lists those that are flipped");
  });

  test.each([
    [["kill", "session", "ses_x", "--reason", "r"], "`agentpolicy sessions` lists them"],
    [["kill", "role", "slaes", "--reason", "r"], "`agentpolicy show` in the folder of the policy says what it has"],
    [["replay", "ses_x"], "list sessions with `agentpolicy sessions`"],
    [["replay", "ses_0123456789abcdefghjkmnpqrs"], "list sessions with `agentpolicy sessions`"],
    [["audit", "erase", "ses_x", "1", "--reason", "r"], "`agentpolicy sessions` lists them"],
  ])("%j, which names what isn't there, says where to look", async (args, help) => {
    const { code, stderr } = await here(...args);
    expect([code > 0, stderr.replaceAll(/\s+/g, " ")]).toEqual([true, expect.stringContaining(`help: ${help}`)]);
  });

  test("a misspelt agent stops nobody and says so", async () => {
    const { code, stderr } = await here("kill", "agent", "sale_bot", "--reason", "r");
    expect(code).toBe(1);
    expect(stderr).toContain("nothing was stopped");
  });

  test("a role is stopped and goes on restricting; what isn't in the policy stops nobody", async () => {
    const killed = await here("kill", "role", "sales", "--reason", "odd");
    expect(killed).toMatchObject({ code: 0, stdout: expect.stringContaining("killed role sales") });
    expect(killed.stderr).toContain("goes on being restricted");
    expect((await here("switches")).stdout).toContain("role sales");
    expect(await here("lift", "role", "sales", "--reason", "fixed")).toMatchObject({ code: 0 });
    expect(await here("kill", "class", "sales", "--reason", "r")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the policy has no class of this name"),
    });
    const unknown = await here("kill", "team", "sales", "--reason", "r");
    expect(unknown.stderr).toContain("`requester ADDRESS`");
  });

  test("somebody who may not", async () => {
    const { code, stderr } = await here("kill", "fleet", "--reason", "r", "--as", "ana@acme.example");
    expect(code).toBe(1);
    expect(stderr).toContain("operators");
  });

  test("a token that is nobody's", async () => {
    const { code, stderr } = await here("kill", "fleet", "--reason", "r", "--token", "nobody");
    expect(code).toBe(3);
    expect(stderr).toMatch(/AGENTPOLICY_TOKEN/);
  });
});

describe("sessions and audit", () => {
  test("what is usual for an agent is shown by action", async () => {
    const own = await connect({ edge: edge.url, agent: "sales_bot", key: salesKey }).open();
    await own.authorize("crm.deals.move", { deal: "d-1", stage: "won" });
    await own.close();
    await vi.waitFor(async () => {
      const { code, stdout } = await here("sessions", "--usual", "--agent", "sales_bot");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^sales_bot {2}watched since \S+, too short to know what is usual\n/);
      expect(stdout).toMatch(/\n {2}crm\.deals\.move {2}\d+ this hour, last \S+Z/);
    }, 20_000);
    const narrow = await agentpolicy(["sessions", "--usual"], { cwd: folder.path, env: { COLUMNS: "40" } });
    expect(narrow.stdout).toMatch(/^sales_bot\n {4}watched since .*\n(?: {2}\S+\n {6}\d+ this hour, last \S+Z\n)+/);
  });

  test("where no session told of its calls yet, nobody is said to have done nothing", async () => {
    const { code, stdout, stderr } = await here("sessions", "--usual", "--agent", "report_bot");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^no session has told of its calls yet: they do every ten minutes/);
  });

  test("open prints a token that asks", async () => {
    const key = join(FIRST_POLICY, "keys/report_bot.jwk");
    const { code, stdout } = await here("sessions", "open", "report_bot", "--key", key);
    expect(code).toBe(0);
    const response = await fetch(`${edge.url}/v1/authorize`, {
      method: "POST",
      headers: { authorization: `Bearer ${stdout.trim()}`, "content-type": "application/json" },
      body: JSON.stringify({ action: "crm.deals.read", args: { deal: "d-1" }, request_id: "r1" }),
    });
    expect(await response.json()).toMatchObject({ decision: "allow" });
    expect((await here("sessions", "--agent", "report_bot")).stdout).toMatch(/^ses_\w+ {2}report_bot .* open\n/);
  });

  test("open takes an identity provider's token, or a file with one, in the key's place", async () => {
    const key = JSON.parse(readFileSync(join(FIRST_POLICY, "keys/report_bot.jwk"), "utf8")) as JWK;
    const sign = () => signAssertion(edge.url, "report_bot", key);
    expect(await here("sessions", "open", "report_bot", "--credential", await sign())).toMatchObject({ code: 0 });
    writeFileSync(join(folder.path, "token.txt"), `${await sign()}\n`);
    expect(await here("sessions", "open", "report_bot", "--credential", "@token.txt")).toMatchObject({ code: 0 });
    expect(await here("sessions", "open", "report_bot", "--credential", "@token.txt")).toMatchObject({ code: 3 });
    const both = await here("sessions", "open", "report_bot", "--credential", "x", "--key", "y");
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("give one of them")]);
  });

  test("open as a gateway that the policy hasn't got is refused", async () => {
    const key = join(FIRST_POLICY, "keys/report_bot.jwk");
    expect(await here("sessions", "open", "report_bot", "--gateway", "tools", "--key", key)).toMatchObject({ code: 3 });
  });

  test("a key that isn't there, and one that is another agent's", async () => {
    const missing = await here("sessions", "open", "report_bot");
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/doesn't exist[\s\S]*--key/);
    const key = join(FIRST_POLICY, "keys/sales_bot.jwk");
    expect(await here("sessions", "open", "report_bot", "--key", key)).toMatchObject({ code: 3 });
  });

  test("whose session isn't opened is told what to do about it, and not about a person's token", async () => {
    const key = (name: string) => join(FIRST_POLICY, "keys", `${name}.jwk`);
    const wrong = await here("sessions", "open", "report_bot", "--key", key("sales_bot"));
    expect(wrong.stderr).toContain("give the key of `report_bot` with `--key`");
    expect(wrong.stderr).not.toMatch(/--token|a person/);
    const used = await here(
      "sessions",
      "open",
      "report_bot",
      "--key",
      key("report_bot"),
      "--ticket",
      `tkt_${"0".repeat(52)}`,
    );
    expect([used.code, used.stderr]).toEqual([1, expect.not.stringContaining("help:")]);
    await here("kill", "agent", "report_bot", "--reason", "a test");
    const killed = await here("sessions", "open", "report_bot", "--key", key("report_bot"));
    expect([killed.code, killed.stderr]).toEqual([1, expect.stringContaining("`agentpolicy switches`")]);
    await here("lift", "agent", "report_bot", "--reason", "it is over");
  });

  test("a narrow terminal gets two lines for what has no place in one, a pipe never", async () => {
    const narrow = await agentpolicy(["sessions"], { cwd: folder.path, env: { COLUMNS: "60" } });
    expect(narrow.stdout.split("\n").filter((line) => line.length > 60)).toEqual([]);
    expect(narrow.stdout).toMatch(/^ses_\w+ {2}sales_bot\n {4}\S+Z {2}(open|ended)/m);
    const piped = await agentpolicy(["sessions"], { cwd: folder.path });
    expect(
      piped.stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.startsWith("ses_")),
    ).toBe(true);
    const reason = "words that go on and on ".repeat(6).trim();
    await here("kill", "agent", "report_bot", "--reason", reason);
    const listed = await agentpolicy(["switches"], { cwd: folder.path, env: { COLUMNS: "80" } });
    expect(listed.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(listed.stdout.replaceAll(/\s+/g, " ")).toContain(reason);
    expect((await here("switches")).stdout).toContain(reason);
    await here("lift", "agent", "report_bot", "--reason", "it is over");
  });

  test("an erasure wants its reason", async () => {
    const { code, stderr } = await here("audit", "erase", session.id, "2");
    expect([code, stderr]).toEqual([2, expect.stringContaining("an erasure goes on record with a reason")]);
  });

  test("a file that holds no key is named, and none of it is shown", async () => {
    writeFileSync(join(folder.path, "policy.agentpolicy"), 'policy "secret words" {\n}\n');
    for (const file of ["policy.agentpolicy", ".agentpolicy/edge", ".agentpolicy/keys.json"]) {
      const { code, stderr } = await here("sessions", "open", "report_bot", "--key", file);
      expect(code).toBe(3);
      expect(stderr).toContain(`\`${file}\` holds no private key of an agent`);
      expect(stderr).not.toMatch(/bug|secret words|session_token_key/);
    }
  });

  for (const args of [["sessions"], ["audit", "pull"]]) {
    test(`${args.join(" ")} of an agent that isn't in the policy`, async () => {
      const { code, stdout, stderr } = await here(...args, "--agent", "nobody");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("the policy has no agent `nobody`");
    });
  }

  test("records are pulled and fit; a changed one is named", async () => {
    await session.authorize("files.read", { file: "finance/x" });
    const file = join(folder.path, "records.ndjson");
    expect(await here("audit", "pull", "-o", "records.ndjson")).toMatchObject({ code: 0 });
    const good = await here("audit", "verify", "records.ndjson");
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(good.stdout).toContain("every one fits");
    expect(good.stdout).toContain("not checked: who signed the checkpoints");

    writeFileSync(file, readFileSync(file, "utf8").replace('"reason":"rule"', '"reason":"rulf"'));
    const bad = await here("audit", "verify", "records.ndjson");
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/the first that doesn't fit:\n +line \d+, record \d+ of ses_\w+\n +it was changed/);
    expect(JSON.parse((await here("audit", "verify", "records.ndjson", "--json")).stdout)).toMatchObject({ ok: false });
  });

  test("one session, to standard output", async () => {
    const { code, stdout } = await here("audit", "pull", "--session", session.id);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ record: { seq: 1, session: session.id } });
  });

  test("a session that isn't there writes nothing", async () => {
    const { code } = await here("audit", "pull", "--session", "ses_1", "-o", "none.ndjson");
    expect(code).toBe(1);
    expect(() => readFileSync(join(folder.path, "none.ndjson"))).toThrow();
  });

  test("a log that isn't there, and one that is no log", async () => {
    expect(await here("audit", "verify", "nothing.ndjson")).toMatchObject({ code: 2 });
    writeFileSync(join(folder.path, "binary"), new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 10, 0xff, 0xfe]));
    writeFileSync(join(folder.path, "other.txt"), "hello\n");
    for (const name of ["binary", "other.txt"]) {
      const { code, stdout, stderr } = await here("audit", "verify", name);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(`\`${name}\` isn't a record file`);
    }
  });
});
