/** `agentpolicy keys rotate`: on this machine, and through the real wrangler against a stand-in of Cloudflare's API. */
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { planRotation } from "../../cli/rotate/plan-rotation.ts";
import { account, type CloudflareApi, cloudflareApi } from "./cloudflare-api.ts";
import { agentpolicy, firstPolicyFolder } from "./run-command.ts";

describe("what is made and what is let go", () => {
  const now = 1_800_000_000;
  const day = 24 * 3600;
  test.each<[string, Partial<Parameters<typeof planRotation>[0]>, object]>([
    ["the first rotation adds a key", { present: [0] }, { made: [now + 300], removed: [] }],
    ["the next one keeps the one before", { present: [0, now - day] }, { made: [now + 300], removed: [] }],
    [
      "and lets the others go",
      { present: [0, now - 2 * day, now - day] },
      { made: [now + 300], removed: [now - 2 * day] },
    ],
    ["too early it waits", { present: [0, now - day + 1] }, { kind: "wait", until: now + 1 }],
    ["also while one is under way", { present: [0, now + 60] }, { kind: "wait", until: now + 60 + day }],
    ["a permit's is kept for less", { kind: "permit", present: [0, now - 3720] }, { made: [now + 300] }],
    ["though not for less than that", { kind: "permit", present: [0, now - 3719] }, { kind: "wait" }],
    [
      "a leaked one goes, and so does the one before",
      { present: [0, now - 9, now - 5], drop: true },
      { made: [now - 1, now], removed: [now - 9, now - 5] },
    ],
    [
      "also one that was made in this second",
      { present: [0, now], drop: true },
      { made: [now + 1, now + 2], removed: [now] },
    ],
    ["or that doesn't sign yet", { present: [0, now + 60], drop: true }, { made: [now - 1, now], removed: [now + 60] }],
    [
      "a checkpoint's key is kept for good, however often it is rotated",
      { kind: "checkpoint", present: [0, now - 9, now - 5] },
      { made: [now + 300], removed: [] },
    ],
    [
      "and one that has leaked takes all others with it",
      { kind: "checkpoint", present: [0, now - 9], drop: true },
      { made: [0], removed: [now - 9] },
    ],
  ])("%s", (_, input, expected) => {
    const plan = planRotation({ kind: "session", present: [0], now, lead: 300, drop: false, ...input });
    expect(plan).toMatchObject(expected);
  });
});

describe("on this machine", () => {
  test("it replaces the key in the edge's folder, once a day, and at once when it has leaked", async () => {
    using folder = firstPolicyFolder();
    const cwd = folder.path;
    const directory = join(cwd, ".agentpolicy");
    const first = await agentpolicy(["keys", "rotate", "session"], { cwd });
    expect([first.code, first.stderr]).toEqual([2, expect.stringContaining("no edge has keys in `.agentpolicy`")]);
    await agentpolicy(["init"], { cwd });
    await readKeys(directory);
    const ran = await agentpolicy(["keys", "rotate", "session"], { cwd });
    expect(ran).toMatchObject({ code: 0, stdout: "session key rotated in .agentpolicy\n" });
    expect(ran.stderr.replaceAll(/\s+/g, " ")).toContain(
      "from its next start, or when the policy is saved while `agentpolicy dev` runs",
    );
    expect(ran.stderr).toContain("stays good for 24 hours");
    const { later, session_token_key } = await readKeys(directory);
    expect(later).toMatchObject({ session: [{ from: expect.any(Number) }], permit: [] });
    const again = await agentpolicy(["keys", "rotate", "session"], { cwd });
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/rotated lately[\s\S]*--drop/)]);
    const dropped = await agentpolicy(["keys", "rotate", "session", "--drop"], { cwd });
    expect([dropped.code, dropped.stderr]).toEqual([0, expect.stringContaining("is refused from then on")]);
    expect(await agentpolicy(["keys", "rotate", "permit"], { cwd })).toMatchObject({ code: 0 });
    const printed = [ran, again, dropped].map(({ stdout, stderr }) => stdout + stderr).join("");
    for (const { key } of [...later.session, { key: session_token_key }]) expect(printed).not.toContain(key);
    expect((await readKeys(directory)).later.permit).toHaveLength(1);
  });

  test.each([
    [
      ["keys", "rotate", "everything"],
      /`everything` is invalid for argument `kind`; say one of session,\s+permit, checkpoint\n/,
    ],
    [["keys", "rotate", "session", "--dry-run"], /`--dry-run` is for deployments/],
    [["keys", "rotate"], /missing required argument/],
  ])("%j is wrong usage", async (args, message) => {
    using folder = firstPolicyFolder();
    const { code, stderr } = await agentpolicy(args, { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

const closing: CloudflareApi[] = [];
afterEach(() => {
  for (const api of closing.splice(0)) api[Symbol.dispose]();
});

async function startApi(worker: string, present: readonly string[]): Promise<CloudflareApi> {
  const api = await cloudflareApi(worker, present);
  closing.push(api);
  return api;
}

describe("at Cloudflare", () => {
  const WORKER = "agentpolicy-first-policy";
  const NAMES = ["SESSION_TOKEN_KEY", "PERMIT_KEY", "ARGS_MAC_KEY"];
  const rotate = (kind: string, api: CloudflareApi, cwd: string, ...more: readonly string[]) =>
    agentpolicy(["keys", "rotate", kind, "--env", "production", "--yes", ...more], { cwd, env: account(api.url) });

  test("a new secret is set whose name says from when it signs, and nothing is read back or printed", async () => {
    using folder = firstPolicyFolder();
    const api = await startApi(WORKER, NAMES);
    const before = Math.floor(Date.now() / 1000);
    const ran = await rotate("session", api, folder.path);
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("stays good for 24 hours after that")]);
    const [made = ""] = [...api.secrets.keys()].filter((name) => !NAMES.includes(name));
    expect(made).toMatch(/^SESSION_TOKEN_KEY_\d{10}$/);
    expect(Number(made.slice("SESSION_TOKEN_KEY_".length)) - before).toBeGreaterThanOrEqual(300);
    expect(api.secrets.get(made)).toMatch(/^[\w-]{43}$/);
    expect(ran.stdout).toContain(`${made} of ${WORKER} signs from 20`);
    expect(ran.stdout + ran.stderr).not.toContain(api.secrets.get(made));
    const again = await rotate("session", api, folder.path);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("rotated lately")]);
  });

  test("an older one is removed with the same call, and a leaked one dropped with what was before it", async () => {
    using folder = firstPolicyFolder();
    const api = await startApi(WORKER, [...NAMES, "PERMIT_KEY_1700000000", "PERMIT_KEY_1710000000"]);
    expect(await rotate("permit", api, folder.path)).toMatchObject({ code: 0 });
    const permits = () => [...api.secrets.keys()].filter((name) => name.startsWith("PERMIT_KEY")).toSorted();
    expect(permits()).toEqual(["PERMIT_KEY", "PERMIT_KEY_1710000000", expect.stringMatching(/^PERMIT_KEY_\d+$/)]);
    const [latest = ""] = permits().toReversed();
    expect(JSON.parse(api.secrets.get(latest) ?? "")).toMatchObject({ kty: "OKP", crv: "Ed25519" });
    expect(await rotate("permit", api, folder.path, "--drop")).toMatchObject({ code: 0 });
    expect(permits()).toHaveLength(3);
    expect(permits()).not.toContain("PERMIT_KEY_1710000000");
    expect(permits()).not.toContain(latest);
    expect(api.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
  });

  test("a dry run says what would be done, without an account and without a network", async () => {
    using folder = firstPolicyFolder();
    const args = ["keys", "rotate", "session", "--env", "production", "--dry-run"];
    const { code, stdout, stderr } = await agentpolicy(args, {
      cwd: folder.path,
      env: {
        CLOUDFLARE_API_TOKEN: "",
        CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9",
        HTTPS_PROXY: "http://127.0.0.1:9",
        COLUMNS: "80",
      },
    });
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect([code, stderr]).toEqual([0, expect.stringContaining("dry run: nothing was rotated")]);
    expect(stdout).toMatch(
      /wrangler secret list[\s\S]*agentpolicy-first-policy[\s\S]*SESSION_TOKEN_KEY_\d{10}, to sign from 20/,
    );
  });

  test("a Worker without keys was never deployed, and without a yes nothing is done", async () => {
    using folder = firstPolicyFolder();
    const api = await startApi(WORKER, []);
    const none = await rotate("session", api, folder.path);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("has no `SESSION_TOKEN_KEY` yet")]);
    const there = await startApi(WORKER, NAMES);
    const args = ["keys", "rotate", "session", "--env", "production"];
    const unasked = await agentpolicy(args, { cwd: folder.path, env: account(there.url) });
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining("nothing was rotated")]);
    expect([...there.secrets.keys()]).toEqual(NAMES);
  });
});
