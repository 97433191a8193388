/** The way in: which Node runs it, what it says about itself, and what it does with words it doesn't know. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { agentpolicy, BIN, folderWith, ROOT, run } from "./run-command.ts";

const VERSION = /^\d+\.\d+\.\d+\n$/;

/** Loaded first, makes this Node say that it is an old one. */
const pretend = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;

describe("finding a Node", () => {
  test("an old Node hands over to the one that the clone brings", async () => {
    const ran = await run(process.execPath, ["--import", pretend("20.1.0"), BIN, "--version"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(VERSION);
  });

  test("exit codes pass through", async () => {
    const ran = await run(process.execPath, ["--import", pretend("20.1.0"), BIN, "chekc"]);
    expect(ran.code).toBe(2);
  });

  test("without a newer one it says what to do, and no stack trace", async () => {
    const env = { AGENTPOLICY_REEXEC: "1" };
    const ran = await run(process.execPath, ["--import", pretend("20.1.0"), BIN, "--version"], { env });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/^agentpolicy: needs Node 24\.\d+ or newer, and this is 20\.1\.0; run `npm ci`/);
    expect(ran.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  // npx finds the clone's own command, and the clone's Node, whatever Node runs npx itself.
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  for (const cwd of [ROOT, `${ROOT}/docs`]) {
    test(`npx agentpolicy runs the sources from ${cwd === ROOT ? "the clone's root" : "a subfolder"}`, async () => {
      const env = { PATH: path.join(delimiter), npm_config_loglevel: "error" };
      const ran = await run("npx", ["agentpolicy", "show", "--help"], { cwd, env });
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.stdout).toContain("agents by actions");
      expect(ran.stderr).not.toMatch(/experimental|warning/i);
    });
  }
});

describe("keeping what Node compiled", () => {
  const cached = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(folder, path)).isFile());

  test("the first start leaves it in the user's own cache, and the second takes it from there", async () => {
    using cache = folderWith({});
    const env = { XDG_CACHE_HOME: cache.path, LOCALAPPDATA: cache.path };
    const first = await agentpolicy(["--version"], { env });
    const kept = cached(cache.path);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter((path) => !path.startsWith(join("agentpolicy", "compiled")))).toEqual([]);
    const second = await agentpolicy(["--version"], { env: { ...env, NODE_DEBUG_NATIVE: "COMPILE_CACHE" } });
    expect(second.stdout).toContain(first.stdout);
    expect(second.stdout + second.stderr).toMatch(/cli.main\.(ts|js).*(was accepted|success)/);
  });

  for (const [why, folder] of [
    ["isn't there", join(ROOT, "no", "such", "folder")],
    ["isn't named from the root", "cache"],
  ] as const) {
    test(`a cache that ${why} is done without, and not made`, async () => {
      using cwd = folderWith({});
      const ran = await agentpolicy(["--version"], { cwd: cwd.path, env: { XDG_CACHE_HOME: folder } });
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(readdirSync(cwd.path)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    });
  }
});

describe("what it says about itself", () => {
  test("--version", async () => {
    const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
    expect(await agentpolicy(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  const commands = [
    "init",
    "check",
    "fmt",
    "test",
    "compile",
    "show",
    "explain",
    "import",
    "diff",
    "who-can",
    "keys",
    "canary",
    "dev",
    "deploy",
    "kill",
    "lift",
    "switches",
    "approvals",
    "approve",
    "deny",
    "sessions",
    "exports",
    "replay",
    "audit",
  ];

  test("--help lists every command", async () => {
    const { code, stdout } = await agentpolicy(["--help"]);
    expect(code).toBe(0);
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test("no command at all prints the help as wrong usage", async () => {
    const { code, stderr } = await agentpolicy([]);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: agentpolicy");
  });

  const GROUPS: ReadonlySet<string> = new Set(["keys", "canary", "import", "audit"]);
  const subcommands = [
    "keys new",
    "keys rotate",
    "canary new",
    "import mcp",
    "import openapi",
    "sessions open",
    "sessions requester-token",
    "exports dead",
    "exports requeue",
    "audit pull",
    "audit verify",
    "audit erase",
    "audit what-if",
    "audit unused",
  ];
  const withExample = [...commands.filter((name) => !GROUPS.has(name)), ...subcommands];
  for (const name of withExample) {
    test(`${name} --help has an example`, async () => {
      const { code, stdout, stderr } = await agentpolicy([...name.split(" "), "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/Examples?:\n.*agentpolicy/);
    });
  }

  test("help COMMAND is the same as COMMAND --help", async () => {
    expect((await agentpolicy(["help", "show"])).stdout).toBe((await agentpolicy(["show", "--help"])).stdout);
  });
});

describe("wrong usage is exit code 2, says what was meant, and shows no stack trace", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a misspelt command", ["chekc"], /unknown command `chekc`[\s\S]*Did you mean check\?/],
    ["a misspelt option", ["check", "--formt", "json"], /unknown option `--formt`[\s\S]*Did you mean --format\?/],
    [
      "a format that isn't there",
      ["check", "--format", "xml"],
      /`xml` is invalid; say one of text, json, sarif, github \(see/,
    ],
    ["a number that is none", ["check", "--max-warnings", "few"], /whole number/],
    ["too many words", ["check", "a", "b"], /too many arguments/],
    ["a missing option", ["explain", "--agent", "x"], /--action/],
    ["a kill without a reason", ["kill", "fleet"], /--reason/],
    ["a kill of nothing", ["kill", "agent", "--reason", "r"], /which agent\?/],
    ["a kill of something else", ["kill", "everything"], /there is no `everything` to kill[\s\S]*kill fleet/],
    ["a lift of nothing", ["lift", "session"], /which session\?[\s\S]*agentpolicy lift session ID/],
    ["a fleet with a name", ["kill", "fleet", "mine", "--reason", "r"], /the fleet is everything/],
    ["a deny without a reason", ["deny", "apr_1"], /--reason/],
    ["a port out of range", ["dev", "--port", "99999"], /0 to 65535/],
    ["an agent's name with a space", ["keys", "new", "my bot"], /is no name of an agent/],
    ["a canary's name with a dot", ["canary", "new", "crm.bait"], /is no name of a canary/],
    ["an edge that is no URL", ["switches", "--edge", "nowhere", "--token", "t"], /is not a URL/],
    ["an edge without TLS", ["switches", "--edge", "http://policy.example", "--token", "t"], /use https/],
    ["an edge without a token", ["switches", "--edge", "https://policy.example"], /no token is given[\s\S]*--token/],
    ["an edge that is no URL, before the token", ["approvals", "--edge", "foo"], /`foo` is not a URL/],
  ];
  for (const [name, args, message] of cases) {
    test(name, async () => {
      const { code, stdout, stderr } = await agentpolicy(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr.replaceAll(/\s+/g, " ")).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }

  test("no edge anywhere", async () => {
    using empty = folderWith({});
    const { code, stderr } = await agentpolicy(["approvals"], { cwd: empty.path });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no edge is named[\s\S]*agentpolicy dev/);
  });
});

describe("an edge that doesn't answer is exit code 3", () => {
  for (const args of [
    ["switches"],
    ["approvals"],
    ["sessions"],
    ["kill", "fleet", "--reason", "r"],
    ["audit", "pull"],
  ]) {
    test(args.join(" "), async () => {
      const { code, stderr } = await agentpolicy([...args, "--edge", "http://127.0.0.1:9", "--token", "t"]);
      expect(code).toBe(3);
      expect(stderr).toMatch(/can't be reached[\s\S]*agentpolicy dev/);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }
});

test("a reader that stops reading ends the command quietly", async () => {
  const { code, stderr } = await run("sh", ["-c", `"${process.execPath}" "${BIN}" --help | head -n 1`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
