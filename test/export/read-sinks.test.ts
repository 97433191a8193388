/** A wrong configuration is found before anything starts, and says where it is wrong and nothing else. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportsOf } from "../../edge/export/exports-of.ts";
import { agentpolicy, firstPolicyFolder, ROOT } from "../cli/run-command.ts";
import { startTestEdge } from "../edge-http/edge-under-test.ts";

const HOOK = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const SECRETS = { TOKEN: "hunter2-hunter2", HOOK, SHORT: "whsec_AAAA", LINES: "a\r\nX-Other: b", PERMIT_KEY: "k" };
const sinks = (exports: unknown, environment = "production") =>
  exportsOf({
    DEPLOYMENT: JSON.stringify({ sequence: 1, environment, origins: [] }),
    EXPORTS: typeof exports === "string" ? exports : JSON.stringify(exports),
    ...SECRETS,
  });
const problem = (exports: unknown): string => {
  const read = sinks(exports);
  return read.ok ? "none" : read.problem;
};

const HTTP = { name: "siem", kind: "http", url: "https://siem.example/in" };

test("nothing configured is nothing exported", () => {
  expect(exportsOf({ DEPLOYMENT: "{}" })).toEqual({ ok: true, sinks: [] });
});

test("what isn't said is what is safe: no arguments, many tries", () => {
  expect(sinks([HTTP])).toMatchObject({
    sinks: [
      { name: "siem", arguments: false, format: "ocsf", retry: { attempts: 20, first: 1_000, longest: 300_000 } },
    ],
  });
});

describe("is refused:", () => {
  test.each([
    ["text that isn't JSON", "[{", "it is no JSON list of sinks"],
    ["an object", {}, "it is no JSON list of sinks"],
    ["an unknown kind", [{ ...HTTP, kind: "ftp" }], "`0.kind` is missing, unknown or malformed"],
    ["an unknown field", [{ ...HTTP, argument: true }], "`0.argument` is no field of this kind of sink"],
    ["a secret for a field", [{ ...HTTP, "Bearer x": true }], "`0` is missing, unknown or malformed"],
    ["a missing address", [{ name: "a", kind: "http" }], "`0.url` is missing, unknown or malformed"],
    ["a name with a space", [{ ...HTTP, name: "my siem" }], "`0.name` is missing, unknown or malformed"],
    ["two of one name", [HTTP, HTTP], "there are two sinks `siem`"],
    ["an address without TLS", [{ ...HTTP, url: "http://siem.example" }], "the address of sink `siem` isn't https"],
    [
      "a password in the address",
      [{ ...HTTP, url: "https://a:b@siem.example" }],
      "the address of sink `siem` isn't one, or holds a password",
    ],
    [
      "a secret in place of its name",
      [{ ...HTTP, authorization: "Bearer x" }],
      "`0.authorization` is missing, unknown or malformed",
    ],
    [
      "a secret that isn't there",
      [{ ...HTTP, authorization: "NONE" }],
      "sink `siem` names the secret NONE, which is missing or malformed",
    ],
    [
      "a secret with a line end",
      [{ ...HTTP, authorization: "LINES" }],
      "sink `siem` names the secret LINES, which is missing or malformed",
    ],
    [
      "a key of the edge",
      [{ ...HTTP, authorization: "PERMIT_KEY" }],
      "sink `siem` names PERMIT_KEY, which is a key of the edge itself",
    ],
    [
      "a weak webhook secret",
      [{ name: "h", kind: "webhook", url: "https://h.example", secrets: ["SHORT"] }],
      "sink `h` names the secret SHORT, which isn't `whsec_` and 24 to 64 bytes in base64",
    ],
    [
      "three webhook secrets",
      [{ name: "h", kind: "webhook", url: "https://h.example", secrets: ["HOOK", "HOOK", "HOOK"] }],
      "`0.secrets` is missing, unknown or malformed",
    ],
    ["a batch of nothing", [{ ...HTTP, batch: 0 }], "`0.batch` is missing, unknown or malformed"],
  ])("%s", (_, exports, what) => {
    expect(problem(exports)).toBe(`the variable EXPORTS is wrong: ${what}`);
  });

  test("no message holds a secret", () => {
    for (const authorization of ["LINES", "SHORT"])
      expect(problem([{ ...HTTP, url: "x", authorization }])).not.toMatch(/hunter2|AAAA|X-Other/);
  });
});

test("on the machine of who develops, a receiver may do without TLS", () => {
  expect(sinks([{ ...HTTP, url: "http://127.0.0.1:9000" }], "development").ok).toBe(true);
});

test("an edge with a wrong one serves 503 and says why", async () => {
  const edge = await startTestEdge({ bindings: { EXPORTS: JSON.stringify([{ ...HTTP, authorization: "NONE" }]) } });
  const { status, text } = await edge.call("/healthz");
  await edge.edge.stop();
  expect(status).toBe(503);
  expect(text).toContain("the variable EXPORTS is wrong: sink `siem` names the secret NONE");
});

describe("what docs/export.md shows", () => {
  const page = readFileSync(join(ROOT, "docs/export.md"), "utf8");
  const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text = ""]) => text);

  test("there is an example of every kind", () => {
    const kinds = examples.map((text) => (JSON.parse(text) as readonly { readonly kind: string }[])[0]?.kind);
    expect(kinds).toEqual(["s3", "http", "splunk", "otlp", "webhook"]);
  });

  test.each(examples)("%s deploys, with its secrets from the environment or the Worker", async (text) => {
    using folder = firstPolicyFolder();
    writeFileSync(join(folder.path, "exports.json"), text);
    const offline = { CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9" };
    const args = ["deploy", "--dry-run", "--origin", "https://policy.example", "--exports", "exports.json"];
    const ran = await agentpolicy(args, { cwd: folder.path, env: offline });
    expect(ran).toMatchObject({ code: 0 });
    const config = readFileSync(join(folder.path, ".agentpolicy/deploy/production/wrangler.json"), "utf8");
    const { vars, secrets } = JSON.parse(config) as {
      vars: { EXPORTS: string };
      secrets: { required: readonly string[] };
    };
    expect(JSON.parse(vars.EXPORTS)).toEqual(JSON.parse(text));
    expect(secrets.required.slice(0, 4)).toEqual(["SESSION_TOKEN_KEY", "PERMIT_KEY", "CHECKPOINT_KEY", "ARGS_MAC_KEY"]);
    expect(secrets.required.length).toBeGreaterThan(4);
  });
});

describe("the commands", () => {
  test.each([
    [
      "dev",
      { "exports.json": '[{"name":"a","kind":"http","url":"http://127.0.0.1:1","authorization":"A_SECRET"}]' },
      "names A_SECRET, which isn't set",
    ],
    [
      "dev",
      { "exports.json": '[{"name":"a","kind":"webhook","url":"http://127.0.0.1:1","secrets":["ONE","TWO"]}]' },
      "names ONE, TWO, which aren't set",
    ],
    [
      "dev",
      { "exports.json": '[{"name":"a","kind":"http"}]' },
      "`exports.json` is wrong: `0.url` is missing, unknown or malformed",
    ],
    [
      "deploy",
      { "exports.json": '[{"name":"a","kind":"http","url":"http://siem.example"}]' },
      "the address of sink `a` isn't https",
    ],
    ["deploy", { "exports.json": "[" }, "`exports.json` isn't JSON"],
    ["deploy", {}, "`exports.json` doesn't exist"],
  ])("%s says what is wrong before anything starts: %j", async (command, files, message) => {
    using folder = firstPolicyFolder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
    const more = command === "dev" ? [] : ["--dry-run"];
    const ran = await agentpolicy([command, "--exports", "exports.json", ...more], { cwd: folder.path });
    expect(ran.code).toBe(2);
    expect(ran.stderr.replaceAll(/\s+/g, " ")).toContain(message);
  });
});
