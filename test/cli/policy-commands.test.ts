/** Commands that read a policy, run on real files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../compiler/index.ts";
import { agentpolicy, FIRST_POLICY, firstPolicyFolder, folderWith } from "./run-command.ts";

const BROKEN = `policy "p" {
  environments production
}
action a.read() is read on none
role r { alow a.read }
`;

describe("paths", () => {
  for (const command of ["check", "test", "compile", "show", "fmt"]) {
    test(`${command} says when a path isn't there`, async () => {
      const { code, stderr } = await agentpolicy([command, "no/such/policy"]);
      expect(code).toBe(2);
      expect(stderr).toContain("`no/such/policy` doesn't exist");
    });

    test(`${command} says when a folder holds no policy, and where one could come from`, async () => {
      using empty = folderWith({ "node_modules/x/a.agentpolicy": "", ".hidden/b.agentpolicy": "", "c.txt": "" });
      const { code, stderr } = await agentpolicy([command], { cwd: empty.path });
      expect(code).toBe(2);
      expect(stderr).toMatch(/holds no `\*\.agentpolicy` file[\s\S]*agentpolicy init/);
    });

    test(`${command} says when a file isn't UTF-8`, async () => {
      using folder = folderWith({ "a.agentpolicy": new Uint8Array([0x70, 0xff, 0xfe]) });
      const { code, stderr } = await agentpolicy([command], { cwd: folder.path });
      expect(code).toBe(2);
      expect(stderr).toMatch(/`a\.agentpolicy` isn't UTF-8 text/);
    });
  }

  test("a policy may be a directory named like a file, or a link that leads nowhere", async () => {
    using folder = folderWith({});
    mkdirSync(join(folder.path, "x.agentpolicy"));
    const { code, stderr } = await agentpolicy(["check"], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a device is no policy", async () => {
    const { code, stderr } = await agentpolicy(["check", "/dev/null"]);
    expect(code).toBe(2);
    expect(stderr).toContain("neither a file nor a directory");
  });
});

describe("check", () => {
  test("a good policy has no findings", async () => {
    const { code, stdout, stderr } = await agentpolicy(["check", FIRST_POLICY]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe("2 files: no findings\n");
  });

  test("a note is shown, and is no finding", async () => {
    using folder = folderWith({});
    const text = readFileSync(join(FIRST_POLICY, "sales.agentpolicy"), "utf8");
    writeFileSync(join(folder.path, "p.agentpolicy"), `${text}\nevery agent {\n  never spend\n}\n`);
    const { code, stderr } = await agentpolicy(["check", "--max-warnings", "0"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr).toContain("note[AP3081]");
    expect(stderr).toContain("1 file: no findings, 1 note\n");
  });

  test("a review that is overdue is a warning", async () => {
    using folder = folderWith({});
    const text = readFileSync(join(FIRST_POLICY, "sales.agentpolicy"), "utf8");
    writeFileSync(join(folder.path, "p.agentpolicy"), text.replace(/review +by \S+/, "review by 2026-01-31"));
    const { code, stderr } = await agentpolicy(["check"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning\[AP4016\][\s\S]*is overdue[\s\S]*1 file: 1 warning\n/);
  });

  test("a mistake is shown in its line, on standard error", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { code, stdout, stderr } = await agentpolicy(["check"], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/error\[AP\d{4}\]/);
    expect(stderr).toContain("p.agentpolicy:5:");
    expect(stderr).toContain("role r { alow a.read }");
    expect(stderr).not.toContain("\u001b");
  });

  test("colour comes when it is asked for", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { stderr } = await agentpolicy(["check"], { cwd: folder.path, env: { FORCE_COLOR: "1" } });
    expect(stderr).toContain("\u001b[");
  });

  test("a build server's log is no terminal", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { stderr } = await agentpolicy(["check"], { cwd: folder.path, env: { CI: "true" } });
    expect(stderr).not.toContain("\u001b[");
  });

  test("findings as JSON", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { code, stdout } = await agentpolicy(["check", "--json"], { cwd: folder.path });
    const { findings } = JSON.parse(stdout) as { findings: { start: object; file: string; code: string }[] };
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ level: "error", file: "p.agentpolicy", start: { line: 5, column: 10 } });
    expect(findings[0]?.code).toMatch(/^AP\d{4}$/);
  });

  test("findings as SARIF", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { stdout } = await agentpolicy(["check", "--format", "sarif"], { cwd: folder.path });
    const log = JSON.parse(stdout) as { version: string; runs: { results: object[] }[] };
    expect(log.version).toBe("2.1.0");
    const region = { startLine: 5, startColumn: 10 };
    expect(log.runs[0]?.results[0]).toMatchObject({
      level: "error",
      locations: [{ physicalLocation: { artifactLocation: { uri: "p.agentpolicy" }, region } }],
    });
  });

  test("findings as workflow commands", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { stdout } = await agentpolicy(["check", "--format", "github"], { cwd: folder.path });
    expect(stdout).toMatch(/^::error file=p\.agentpolicy,line=5,col=10,endLine=5,endColumn=\d+,title=AP\d{4}::/);
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^::(error|warning|notice) /);
  });

  test("--max-warnings turns warnings into a failure", async () => {
    using folder = folderWith({});
    const text = readFileSync(join(FIRST_POLICY, "sales.agentpolicy"), "utf8");
    writeFileSync(join(folder.path, "p.agentpolicy"), `${text}\nrole unused {\n  allow crm.deals.read\n}\n`);
    expect((await agentpolicy(["check"], { cwd: folder.path })).code).toBe(0);
    const { code, stderr } = await agentpolicy(["check", "--max-warnings", "0"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain("--max-warnings allows 0");
  });
});

describe("compile", () => {
  test("the same table whether printed or written, and the same again", async () => {
    using folder = folderWith({});
    const file = join(folder.path, "table.json");
    const printed = await agentpolicy(["compile", FIRST_POLICY]);
    const written = await agentpolicy(["compile", FIRST_POLICY, "-o", file]);
    expect(written).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(file, "utf8").trimEnd()).toBe(printed.stdout.trimEnd());
    const { hash } = JSON.parse(printed.stdout) as { hash: string };
    expect(written.stderr).toContain(hash);
  });

  test("--stats counts what is in it", async () => {
    const { stdout } = await agentpolicy(["compile", FIRST_POLICY, "--stats", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ policy: "first-policy", agents: 2, roles: 2, limits: 3 });
  });

  test("a policy with errors makes no table and leaves the old one alone", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN, "table.json": "old" });
    const { code, stdout, stderr } = await agentpolicy(["compile", "-o", "table.json"], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("no table is made");
    expect(readFileSync(join(folder.path, "table.json"), "utf8")).toBe("old");
  });

  test("a place that can't be written to", async () => {
    const { code, stderr } = await agentpolicy(["compile", FIRST_POLICY, "-o", "/proc/nowhere/table.json"]);
    expect(code).toBe(3);
    expect(stderr).toContain("can't be written");
  });
});

describe("test", () => {
  test("green", async () => {
    const { code, stdout } = await agentpolicy(["test", FIRST_POLICY]);
    expect(code).toBe(0);
    expect(stdout).toContain("everyday work runs by itself");
  });

  test("red: what was expected, what came, and why", async () => {
    using folder = firstPolicyFolder();
    const file = join(folder.path, "sales.test.agentpolicy");
    writeFileSync(file, 'test "wishful" {\n  agent report_bot\n  crm.contacts.read(contact: "c-1") => allow\n}\n');
    const { code, stdout } = await agentpolicy(["test"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain("wishful");
    expect(stdout).toContain("no_rule");
  });

  test("--filter that fits nothing is no green run", async () => {
    const { code, stderr } = await agentpolicy(["test", FIRST_POLICY, "--filter", "refund"]);
    expect(code).toBe(1);
    expect(stderr).toContain("no test's title holds `refund`");
  });

  test("as JSON and as JUnit", async () => {
    const json = await agentpolicy(["test", FIRST_POLICY, "--json", "--filter", "sixth"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ passed: 1, failed: 0 });
    const junit = await agentpolicy(["test", FIRST_POLICY, "--format", "junit"]);
    expect(junit.stdout).toMatch(/^<\?xml[\s\S]*<testsuite/);
  });
});

describe("show", () => {
  test("the matrix in the terminal", async () => {
    const { code, stdout } = await agentpolicy(["show", FIRST_POLICY]);
    expect(code).toBe(0);
    for (const word of ["sales_bot", "report_bot", "ask", "never", "notify"]) expect(stdout).toContain(word);
  });

  test("one agent, as JSON", async () => {
    const { stdout } = await agentpolicy(["show", FIRST_POLICY, "--agent", "report_bot", "--json"]);
    const { agents } = JSON.parse(stdout) as { agents: { name: string }[] };
    expect(agents.map((agent) => agent.name)).toEqual(["report_bot"]);
  });

  test("an agent's name doesn't take the path after it, and there may be several", async () => {
    const { code, stdout } = await agentpolicy(["show", "--agent", "report_bot", FIRST_POLICY]);
    expect(code).toBe(0);
    expect(stdout).toContain("first-policy  1 agent ×");
    const both = await agentpolicy(["show", "--agent", "report_bot", "--agent", "sales_bot", FIRST_POLICY]);
    expect(both.stdout).toContain("first-policy  2 agents ×");
  });

  test("as a page, into a file", async () => {
    using folder = folderWith({});
    const file = join(folder.path, "matrix.html");
    expect(await agentpolicy(["show", FIRST_POLICY, "--format", "html", "-o", file])).toMatchObject({
      code: 0,
      stdout: "",
    });
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>[\s\S]*sales_bot/i);
  });

  test("an agent that isn't there", async () => {
    const { code, stderr } = await agentpolicy(["show", FIRST_POLICY, "--agent", "sale_bot"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no agent `sale_bot`[\s\S]*did you mean `sales_bot`\?/);
  });
});

const ask = (...args: string[]) => agentpolicy(["explain", FIRST_POLICY, "--agent", "sales_bot", ...args]);

describe("explain", () => {
  test("says the decision and the rule behind it", async () => {
    const { code, stdout } = await ask("--action", "files.read", "--args", '{"file":"finance/x"}');
    expect(code).toBe(0);
    expect(stdout).toMatch(/never \* on "files\/finance\/\*\*"/);
    expect(stdout).toMatch(/sales\.agentpolicy:\d+:\d+/);
  });

  test("as JSON, amounts as the policy writes them", async () => {
    const note = '{"deal":"d","text":"t"}';
    const { stdout } = await ask("--action", "crm.notes.write", "--args", note, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ decision: { decision: "allow", reason: "rule" } });
  });

  for (const [name, args, message] of [
    ["arguments that are no JSON", ["--action", "files.read", "--args", "{file}"], /arguments/],
    ["an unknown action", ["--action", "files.reed"], /files\.reed/],
    ["an unknown label", ["--action", "files.read", "--session", '{"labels":["tainted"]}'], /tainted/],
    ["a field that nobody reads", ["--action", "files.read", "--session", '{"lables":[]}'], /lables/],
  ] as const) {
    test(`${name} is wrong usage`, async () => {
      const { code, stdout, stderr } = await ask(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
    });
  }
});

describe("fmt", () => {
  test("rewrites once, and then finds nothing to do", async () => {
    using folder = firstPolicyFolder();
    const file = join(folder.path, "sales.agentpolicy");
    writeFileSync(file, readFileSync(file, "utf8").replace("  allow  read\n", "  allow\n\n  read   // everything\n"));
    const before = (await agentpolicy(["compile", folder.path])).stdout;
    expect(await agentpolicy(["fmt", "--check"], { cwd: folder.path })).toMatchObject({ code: 1 });
    expect(await agentpolicy(["fmt"], { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(await agentpolicy(["fmt", "--check"], { cwd: folder.path })).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(file, "utf8")).toContain("// everything");
    const after = (await agentpolicy(["compile", folder.path])).stdout;
    expect((JSON.parse(after) as { hash: string }).hash).toBe((JSON.parse(before) as { hash: string }).hash);
  });

  test("a file with a syntax error is left as it is", async () => {
    using folder = folderWith({ "p.agentpolicy": BROKEN });
    const { code, stderr } = await agentpolicy(["fmt"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain("left as it is");
    expect(readFileSync(join(folder.path, "p.agentpolicy"), "utf8")).toBe(BROKEN);
  });

  test("--stdin prints", async () => {
    const { code, stdout } = await agentpolicy(["fmt", "--stdin"], { input: "label   untrusted is\ntaint" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "label untrusted is taint\n" });
  });
});

describe("keys new", () => {
  test("a private file, a line for the policy, and never twice", async () => {
    using folder = folderWith({});
    const made = await agentpolicy(["keys", "new", "billing_bot"], { cwd: folder.path });
    const file = join(folder.path, ".agentpolicy/keys/billing_bot.jwk");
    const text = readFileSync(file, "utf8");
    const { x, d } = JSON.parse(text) as { x: string; d: string };
    expect(made).toMatchObject({ code: 0, stdout: `identity key ed25519 "${x}"\n` });
    expect(made.stderr).not.toContain(d);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder.path, ".agentpolicy/.gitignore"), "utf8")).toBe("*\n");

    const again = await agentpolicy(["keys", "new", "billing_bot"], { cwd: folder.path });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("exists already");
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("a folder that can't be written to leaves nothing behind", async () => {
    using folder = folderWith({ file: "" });
    const { code, stderr } = await agentpolicy(["keys", "new", "a", "-o", "file/key.jwk"], { cwd: folder.path });
    expect(code).toBe(3);
    expect(stderr).toContain("can't be written");
  });
});

describe("canary new", () => {
  test("the marker is shown once, and only its hash is printed for the policy, which then denies it", async () => {
    using folder = folderWith({});
    const cwd = folder.path;
    expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
    const made = await agentpolicy(["canary", "new", "crm_bait"], { cwd });
    const marker = /apc_[a-z2-7]{26}/.exec(made.stderr)?.[0] ?? "none";
    const line = `canary crm_bait sha256 "${sha256Hex(marker)}"\n`;
    expect(made).toMatchObject({ code: 0, stdout: line });
    for (const entry of readdirSync(cwd, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), "utf8")).not.toContain(marker);
    }
    writeFileSync(join(cwd, "canaries.agentpolicy"), line);
    const step = `notes.read(note: "${marker}") => canary`;
    writeFileSync(join(cwd, "bait.test.agentpolicy"), `test "bait" {\n  agent first_agent\n  ${step}\n}\n`);
    expect(await agentpolicy(["test", "--filter", "bait"], { cwd })).toMatchObject({ code: 0 });
  });

  test("--json holds the marker, another one each time", async () => {
    const made = await Promise.all([1, 2].map(() => agentpolicy(["canary", "new", "a", "--json"])));
    const [first, second] = made.map(({ stdout }) => JSON.parse(stdout) as Record<string, string>);
    expect(first).toMatchObject({ canary: "a", sha256: sha256Hex(first?.["marker"] ?? "") });
    expect(first?.["marker"]).not.toBe(second?.["marker"]);
  });
});

describe("init", () => {
  test("what it writes is canonical, has no findings, passes its tests, and isn't overwritten", async () => {
    using folder = folderWith({});
    const cwd = folder.path;
    expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
    expect(await agentpolicy(["check", "--max-warnings", "0"], { cwd })).toMatchObject({ code: 0 });
    expect(await agentpolicy(["fmt", "--check"], { cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(await agentpolicy(["test"], { cwd })).toMatchObject({ code: 0 });
    expect(await agentpolicy(["fmt", "--check"], { cwd })).toMatchObject({ code: 0 });
    const text = readFileSync(join(cwd, "policy.agentpolicy"), "utf8");
    const again = await agentpolicy(["init"], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("nothing was written");
    expect(readFileSync(join(cwd, "policy.agentpolicy"), "utf8")).toBe(text);
  });

  test("a folder that holds a policy gets no second one", async () => {
    using folder = folderWith({ "acme.agentpolicy": 'policy "acme" { environments production }\n' });
    const cwd = folder.path;
    const { code, stderr } = await agentpolicy(["init"], { cwd });
    expect(code).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toBe(
      "agentpolicy: `acme.agentpolicy` stands there, and a folder is one policy; nothing was written " +
        "help: give a folder of its own: `agentpolicy init NAME` ",
    );
    expect(readdirSync(cwd)).toEqual(["acme.agentpolicy"]);
    expect(await agentpolicy(["check"], { cwd })).toMatchObject({ code: 0 });
  });

  test("into a folder of its own", async () => {
    using folder = folderWith({});
    expect(await agentpolicy(["init", "policies"], { cwd: folder.path })).toMatchObject({ code: 0 });
    const mode = (name: string): string => (statSync(join(folder.path, name)).mode & 0o777).toString(8);
    expect(existsSync(join(folder.path, "policies/.agentpolicy/keys/first_agent.jwk"))).toBe(true);
    mkdirSync(join(folder.path, "ordinary"));
    expect(mode("policies")).toBe(mode("ordinary"));
    expect(mode("policies/.agentpolicy")).toBe("700");
  });
});
