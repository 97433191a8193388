import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { startTarget } from "./target.ts";
import type { Asker, Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

/** Refused by the policy with this reason; and nothing was admitted, labelled or spent. */
async function expectDenied(asker: Asker, action: string, args: unknown, reason: string): Promise<void> {
  const before = await target.state(asker);
  const answer = await target.decide(asker, action, args);
  expect({ decision: answer.decision, reason: answer.reason, permit: answer.permit }, JSON.stringify(args)).toEqual({
    decision: "deny",
    reason,
    permit: undefined,
  });
  expectUntouched(before, await target.state(asker));
}

/** Refused before any rule, as no question at all. */
async function expectRefused(asker: Asker, body: string, statuses: readonly number[]): Promise<void> {
  const before = await target.state(asker);
  const reply = await target.call("/v1/authorize", { method: "POST", token: asker.token, body });
  expect(statuses, `${body.slice(0, 80)}: ${JSON.stringify(reply.body)}`).toContain(reply.status);
  expect(reply.headers.get("content-type")).toContain("application/problem+json");
  expectUntouched(before, await target.state(asker));
}

function expectUntouched(before: unknown, after: unknown): void {
  const spent = (state: unknown) => {
    const { calls, labels } = state as { calls: number; labels: readonly string[] };
    return { calls, labels };
  };
  expect(spent(after)).toEqual(spent(before));
}

describe("names of actions", () => {
  test.for([
    ["upper case", "Notes.add"],
    ["all upper case", "NOTES.ADD"],
    ["a space behind", "notes.add "],
    ["a space before", " notes.add"],
    ["a newline behind", "notes.add\n"],
    ["a zero-width space", "notes\u200b.add"],
    ["a zero-width joiner at the end", "notes.add\u200d"],
    ["a byte order mark", "\ufeffnotes.add"],
    ["full-width letters", "ｎｏｔｅｓ.add"],
    ["a full-width dot", "notes．add"],
    ["a Cyrillic o", "n\u043etes.add"],
    ["a combining accent", "no\u0301tes.add"],
    ["a NUL behind", "notes.add\u0000"],
    ["a prefix pattern", "notes.*"],
    ["anything", "*"],
    ["a class", "read"],
    ["a property of every object", "__proto__"],
    ["another one", "constructor"],
  ])("%s is an unknown action", async ([, action]) => {
    const asker = await target.steady("alpha");
    await expectDenied(asker, action ?? "", { text: "x" }, "unknown_action");
  });
});

describe("amounts", () => {
  const amounts: [string, string][] = [
    ["a thousands separator", '"9,999"'],
    ["a unit", '"9999 USD"'],
    ["a currency sign", '"$5"'],
    ["a record", '{"v":9999}'],
    ["an empty list", "[]"],
    ["a list of one", "[5]"],
    ["null", "null"],
    ["an empty string", '""'],
    ["a space", '" "'],
    ["spaces around", '" 5 "'],
    ["NaN as text", '"NaN"'],
    ["Infinity as text", '"Infinity"'],
    ["an overflowing exponent", "1e999"],
    ["an exponent", "1e1"],
    ["an exponent as text", '"1e1"'],
    ["minus zero", "-0"],
    ["minus zero with fraction", "-0.0"],
    ["minus zero as text", '"-0"'],
    ["a negative", "-5"],
    ["a negative as text", '"-5"'],
    ["a plus sign", '"+5"'],
    ["zero, below the minimum", "0"],
    ["more fraction than there is", "0.0000001"],
    ["more fraction than there is, as text", '"0.0000001"'],
    ["2^53 + 1", "9007199254740993"],
    ["more digits than a double tells apart", "0.12345678901234567"],
    ["thirteen integer digits", '"1000000000000"'],
    ["hexadecimal", '"0x10"'],
    ["octal", '"010"'],
    ["a trailing dot", '"5."'],
    ["a leading dot", '".5"'],
    ["Arabic digits", '"٥"'],
    ["full-width digits", '"５"'],
    ["a boolean", "true"],
  ];
  test.for(amounts)("%s is an invalid argument, never a false comparison", async ([, amount]) => {
    const asker = await target.steady("payer");
    const before = await target.state(asker);
    const args = `{"to":"x","amount":${amount},"currency":"EUR"}`;
    const body = `{"action":"pay.transfer","args":${args},"request_id":"${target.requestId()}"}`;
    const reply = await target.call("/v1/authorize", { method: "POST", token: asker.token, body });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    expect(reply.body).toMatchObject({ decision: "deny", reason: "invalid_argument" });
    expect(reply.body["errors"]).toMatchObject([{ pointer: "/amount" }]);
    expectUntouched(before, await target.state(asker));
  });

  test.for(["NaN", "Infinity", "0x10", "05", "+5", ".5", "5."])("%s is no JSON", async (amount) => {
    const asker = await target.steady("payer");
    await expectRefused(
      asker,
      `{"action":"pay.transfer","args":{"to":"x","amount":${amount},"currency":"EUR"},"request_id":"n-1"}`,
      [400],
    );
  });

  test("what is exact goes through, as number and as text", async () => {
    const asker = await target.steady("payer");
    for (const amount of [0.01, "0.010", 1, "1.00"])
      expect((await target.decide(asker, "pay.transfer", { to: "x", amount, currency: "USD" })).decision).toBe("allow");
  });
});

describe("arguments that aren't what was declared", () => {
  test.for<[string, string, unknown, string]>([
    ["a constrained argument left out", "pay.transfer", { to: "x", currency: "EUR" }, "/amount"],
    ["the list of addresses left out", "mail.send", { body: "x" }, "/to"],
    [
      "an argument under another name",
      "mail.send",
      { emails: ["a@corp.com"], to: ["a@corp.com"], body: "x" },
      "/emails",
    ],
    ["an undeclared argument", "notes.add", { text: "x", approved: true }, "/approved"],
    ["an undeclared one named as the prototype", "notes.add", { text: "x", constructor: "y" }, "/constructor"],
    ["a value outside the enumeration", "pay.transfer", { to: "x", amount: 1, currency: "eur" }, "/currency"],
    ["one address as text where a list is due", "mail.send", { to: "a@corp.com", body: "x" }, "/to"],
  ])("%s", async ([, action, args, pointer]) => {
    const asker = await target.steady("alpha");
    const before = await target.state(asker);
    const answer = await target.decide(asker, action, args);
    expect(answer).toMatchObject({ decision: "deny", reason: "invalid_argument" });
    expect(answer.errors?.map((fault) => fault.pointer)).toContain(pointer);
    expectUntouched(before, await target.state(asker));
  });

  test("arguments that are no object are refused as malformed", async () => {
    const asker = await target.steady("alpha");
    for (const args of ["[]", '"x"', "5", "null"])
      await expectRefused(asker, `{"action":"notes.add","args":${args},"request_id":"a-1"}`, [400]);
  });
});

describe("bodies that two readers would read differently", () => {
  const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  test.for<[string, string, readonly number[]]>([
    ["a duplicate key", '{"action":"notes.add","action":"crm.read","args":{"text":"x"},"request_id":"d-1"}', [400]],
    [
      "a duplicate key with the same value",
      '{"action":"notes.add","args":{"text":"x","text":"x"},"request_id":"d-1"}',
      [400],
    ],
    [
      "a duplicate key, escaped",
      '{"action":"notes.add","args":{"text":"x","te\\u0078t":"y"},"request_id":"d-1"}',
      [400],
    ],
    ["`__proto__`", '{"action":"notes.add","args":{"text":"x","__proto__":{"a":1}},"request_id":"d-1"}', [400]],
    ["a lone surrogate", '{"action":"notes.add","args":{"text":"\\ud800"},"request_id":"d-1"}', [400]],
    ["a lone surrogate in a key", '{"action":"notes.add","args":{"text":"x","\\udfff":1},"request_id":"d-1"}', [400]],
    ["a depth of ten thousand", `{"action":"notes.add","args":{"text":${nested(10_000)}},"request_id":"d-1"}`, [400]],
    ["a depth of 40", `{"action":"notes.add","args":{"text":${nested(40)}},"request_id":"d-1"}`, [400]],
    [
      "ten million characters",
      `{"action":"notes.add","args":{"text":"${"x".repeat(10_000_000)}"},"request_id":"d-1"}`,
      [413],
    ],
    ["a batch", '[{"action":"notes.add","args":{"text":"x"},"request_id":"d-1"}]', [400]],
    ["two documents", '{"action":"notes.add","args":{"text":"x"},"request_id":"d-1"}{}', [400]],
    ["a comment", '{"action":"notes.add",/**/"args":{"text":"x"},"request_id":"d-1"}', [400]],
    ["a byte order mark", '\ufeff{"action":"notes.add","args":{"text":"x"},"request_id":"d-1"}', [400]],
    ["nothing", " ", [400]],
    ["an action that is no text", '{"action":["notes.add"],"args":{"text":"x"},"request_id":"d-1"}', [400]],
    ["no request id", '{"action":"notes.add","args":{"text":"x"}}', [400]],
    ["a request id of other characters", '{"action":"notes.add","args":{"text":"x"},"request_id":"a b"}', [400]],
    ["an unknown field", '{"action":"notes.add","args":{"text":"x"},"request_id":"d-1","approved":true}', [400]],
  ])("%s", async ([, body, statuses]) => {
    await expectRefused(await target.steady("alpha"), body, statuses);
  });

  test("another content type", async () => {
    const asker = await target.open("gamma");
    const body = JSON.stringify({ action: "notes.add", args: { text: "x" }, request_id: "c-1" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]) {
      const headers = { "content-type": type };
      const reply = await target.call("/v1/authorize", { method: "POST", token: asker.token, body, headers });
      expect(reply.status, type).toBe(415);
    }
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("text that isn't UTF-8", async () => {
    const asker = await target.open("gamma");
    const head = new TextEncoder().encode('{"action":"notes.add","request_id":"u-1","args":{"text":"');
    const body = new Uint8Array([...head, 0xff, 0xfe, ...new TextEncoder().encode('"}}')]);
    const response = await fetch(`${target.url}/v1/authorize`, {
      method: "POST",
      headers: { authorization: `Bearer ${asker.token}`, "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(400);
    expect((await target.state(asker)).calls).toBe(0);
  });
});

describe("paths", () => {
  test.for([
    "public/../secret/key",
    "../secret/key",
    "public/..",
    "..",
    ".",
    "",
    "public/%2e%2e/secret/key",
    "public/%252e%252e/secret",
    "public%5c..%5csecret",
    "public/./x",
    "public//secret",
    "/secret/key",
    "public/",
    "public\\..\\secret",
    "secret\u0000.txt",
    "secret.",
    "public/x.",
    "public/\u202etxt.exe",
    "public/a\u200bb",
    "public/cafe\u0301",
    "public/a\nb",
  ])("`%s` is refused, never cleaned", async (file) => {
    const asker = await target.steady("alpha");
    await expectDenied(asker, "files.read", { file }, "invalid_argument");
  });

  test("resources stated otherwise than computed are a mismatch", async () => {
    const asker = await target.steady("alpha");
    for (const resources of [["files/other"], ["files/a.txt", "files/b.txt"], ["FILES/a.txt"], ["files/a.txt/"]]) {
      const answer = await target.decide(asker, "files.read", { file: "a.txt" }, { resources });
      expect(answer).toMatchObject({ decision: "deny", reason: "resource_mismatch" });
    }
    const stated = await target.decide(asker, "files.read", { file: "a.txt" }, { resources: ["files/a.txt"] });
    expect(stated.decision).toBe("allow");
  });

  test("a value with the characters of a pattern is text", async () => {
    const asker = await target.steady("alpha");
    expect((await target.decide(asker, "files.write", { file: "*/x", text: "x", mode: "add" })).decision).toBe("deny");
    expect((await target.decide(asker, "files.write", { file: "**", text: "x", mode: "add" })).decision).toBe("deny");
  });
});

describe("hosts and addresses that only resemble the trusted one", () => {
  test.for([
    "https://corp.com.evil.io/",
    "https://evil-corp.com/",
    "https://evil.io/corp.com",
    "https://evil.io?corp.com",
    "https://evil.io#corp.com",
    "https://corp.com@evil.io/",
    "https://corp.com:pw@evil.io/",
    "https://user@corp.com/",
    "https://evil.io\\@corp.com/",
    "https:\\\\corp.com/",
    "https://corp.com\\.evil.io/",
    "https:///corp.com",
    "https:corp.com",
    "//corp.com/",
    "http://corp.com/",
    "javascript://corp.com/%0aalert(1)",
    "https://CORP.com/",
    "https://corp.com./",
    "https://corp\u3002com/",
    "https://ｃorp.com/",
    "https://c\u043erp.com/",
    "https://xn--crp-sea.com/",
    "https://corp.com\u200b/",
    " https://corp.com/",
    "https://corp.com/ ",
    "https://corp.com/\t",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://corp.com:443/",
    "https://corp.com/a/../b",
    "https://corp.com/a/%2e%2e/b",
  ])("`%s` is not the trusted host", async (url) => {
    const asker = await target.steady("alpha");
    const before = await target.state(asker);
    const answer = await target.decide(asker, "web.fetch", { url });
    expect(answer.decision).toBe("deny");
    expect(["invalid_argument", "no_rule"]).toContain(answer.reason);
    expectUntouched(before, await target.state(asker));
  });

  test.for(["https://corp.com/", "https://corp.com", "https://api.corp.com/v1?q=a%20b"])(
    "`%s` is the trusted host",
    async (url) => {
      const asker = await target.open("beta");
      expect(await target.decide(asker, "web.fetch", { url })).toMatchObject({ decision: "allow" });
      expect((await target.state(asker)).labels).toEqual(["untrusted"]);
    },
  );

  test.for([
    "bob@corp.com, eve@evil.io",
    "bob@corp.com;eve@evil.io",
    "bob@corp.com eve@evil.io",
    "bob@corp.com\neve@evil.io",
    "bob@corp.com\r\nBcc: eve@evil.io",
    "eve@evil.io <bob@corp.com>",
    "Bob <bob@corp.com>",
    '"eve@evil.io"@corp.com',
    "eve@evil.io@corp.com",
    "bob@corp.com.evil.io",
    "bob@evil-corp.com",
    "bob@CORP.com",
    "bob@corp.com.",
    "bob@c\u043erp.com",
    "bob@xn--crp-sea.com",
    "bob@[127.0.0.1]",
    "bob@",
    "@corp.com",
    "corp.com",
    "bob%corp.com@evil.io",
    "b\u0000ob@corp.com",
    " bob@corp.com",
  ])("mail to `%s` doesn't leave", async (address) => {
    const asker = await target.steady("alpha");
    const before = await target.state(asker);
    for (const to of [[address], ["bob@corp.com", address]]) {
      const answer = await target.decide(asker, "mail.send", { to, body: "x" });
      expect(answer.decision, address).toBe("deny");
      expect(["invalid_argument", "no_rule"]).toContain(answer.reason);
    }
    expectUntouched(before, await target.state(asker));
  });
});

describe("what is missing forbids", () => {
  test("a forbidding rule whose fact is missing still forbids", async () => {
    const asker = await target.steady("alpha");
    const answer = await target.decide(asker, "files.write", { file: "public/x", text: "x" });
    expect(answer).toMatchObject({ decision: "deny", reason: "rule" });
  });

  test.for([
    ["a stray word in a rule", "role r { allow read quickly }"],
    ["a rule without a tier", "role r { read }"],
    ["a condition left open", "role r { allow read when }"],
    ["a misspelt tier", "role r { alow read }"],
    ["an unknown setting", 'policy "q" { colour red }'],
    ["a second policy block", 'policy "q" { }'],
    ["a closing brace too many", "role r { } }"],
    ["a role that isn't there", "agent a { roles nobody }"],
    ["JSON where a policy is due", '{"allow": true}'],
  ])("%s is always a diagnostic", ([, text]) => {
    const { table, diagnostics } = compile([{ name: "p.agentpolicy", text: `policy "p" { }\n${text}` }]);
    expect(table).toBeNull();
    expect(diagnostics.some((found) => found.level === "error")).toBe(true);
  });
});
