/** `agentpolicy dev` as somebody uses it: start, copy a line, save, save badly, Ctrl-C, start again. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../sdk/index.ts";
import { agentpolicy, BIN, cleanEnv, firstPolicyFolder, folderWith, ROOT, run } from "./run-command.ts";
import type { Folder } from "./run-command.ts";

// Each test starts workerd up to three times.
vi.setConfig({ testTimeout: 120_000 });

interface Dev {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly url: () => string;
}

const running: Dev[] = [];

afterEach(async () => {
  for (const dev of running.splice(0)) await stop(dev);
});

async function start(folder: Folder, ...args: string[]): Promise<Dev> {
  const child = spawn(process.execPath, [BIN, "dev", "--port", "0", ...args], { cwd: folder.path, env: cleanEnv() });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const file = join(folder.path, ".agentpolicy/edge");
  process.once("exit", () => child.kill("SIGINT"));
  const dev = { child, said: () => said, url: () => readFileSync(file, "utf8").trim() };
  running.push(dev);
  await until(() => /watching for changes/.test(said) || child.exitCode !== null);
  return dev;
}

async function stop({ child }: Dev): Promise<number> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await ended;
  }
  return child.exitCode ?? -1;
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 800; attempt++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it didn't come to pass");
}

const sequence = async (dev: Dev): Promise<number> => {
  const response = await fetch(`${dev.url()}/healthz`);
  return ((await response.json()) as { sequence: number }).sequence;
};

/** What it prints to type first: a session, and a call in it. */
function firstLines(dev: Dev): string {
  const lines = dev.said().split("\n");
  const from = lines.findIndex((line) => line.startsWith("TOKEN="));
  return lines
    .slice(from, from + 4)
    .join("\n")
    .replaceAll("npx agentpolicy", `"${process.execPath}" "${BIN}"`);
}

test("the lines that it prints work as they stand", async () => {
  using folder = firstPolicyFolder();
  const dev = await start(folder);
  const lines = dev.said().split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const { code, stdout } = await run("sh", ["-c", firstLines(dev)], { cwd: folder.path });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ decision: "allow" });
});

test("without an agent's key it says how to make one, in lines of 80 columns", async () => {
  using folder = firstPolicyFolder();
  rmSync(join(folder.path, "keys"), { recursive: true, force: true });
  rmSync(join(folder.path, ".agentpolicy/keys"), { recursive: true, force: true });
  const lines = (await start(folder)).said().split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContain("npx agentpolicy keys new report_bot");
});

test("the call that it prints is allowed also where no action always is", async () => {
  const policy = `policy "p" { environments production }
group team = ["kim@example.com"]
action code.merge(branch: string(max 40)) is write on "code"
action code.push(branch: string(max 40)) is write on "code"
role coder {
  allow code.push when args.branch starts with "agent/"
  ask   code.merge via review
}
approval review { approvers team within 1h }
`;
  using folder = folderWith({ "p.agentpolicy": policy });
  const key = await agentpolicy(["keys", "new", "coder_bot"], { cwd: folder.path });
  const agent = `agent coder_bot { owner team purpose "Pushes" roles coder review by 2099-01-01 ${key.stdout.trim()} }`;
  writeFileSync(join(folder.path, "agent.agentpolicy"), agent);
  const dev = await start(folder);
  const { code, stdout } = await run("sh", ["-c", firstLines(dev)], { cwd: folder.path });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ decision: "allow", resources: ["code"] });
});

test("where records are exported to is said at the start", async () => {
  using folder = firstPolicyFolder();
  const sinks = [{ name: "lake", kind: "http", url: "http://127.0.0.1:9/in" }];
  writeFileSync(join(folder.path, "exports.json"), JSON.stringify(sinks));
  const dev = await start(folder, "--exports", "exports.json");
  expect(dev.said().replaceAll(/\s+/g, " ")).toContain("records are exported to lake (http, 127.0.0.1:9); ");
});

test("a kill switch that a save leaves without anything to stop is told, then and at the next start", async () => {
  using folder = firstPolicyFolder();
  const cwd = folder.path;
  const file = join(cwd, "sales.agentpolicy");
  const said = (dev: Dev): string => dev.said().replaceAll(/\s+/g, " ");
  const dev = await start(folder);
  expect((await agentpolicy(["kill", "role", "sales", "--reason", "looks odd"], { cwd })).code).toBe(0);
  expect((await agentpolicy(["switches"], { cwd })).stdout).not.toContain("stops nothing");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/\b(role|roles +)( ?)sales\b/g, "$1$2selling"));
  const told =
    "a kill switch stops nothing any more: the policy has no role `sales`; if it was renamed, kill it by its";
  await until(() => said(dev).includes(told));
  expect((await agentpolicy(["switches"], { cwd })).stdout).toContain("stops nothing: the policy has no role `sales`");
  await stop(dev);
  const again = await start(folder);
  expect(said(again)).toContain(told);
  expect((await agentpolicy(["lift", "role", "sales", "--reason", "renamed"], { cwd })).code).toBe(0);
  const listed = await agentpolicy(["switches", "--history"], { cwd });
  expect(listed.stdout).toMatch(/^lifted {2}role sales {2}\(swt_\w+\)\n/);
  expect(listed.stdout).not.toContain("stops nothing");
});

test("what the edge doesn't do yet is said at the start, and again at a save that needs more", async () => {
  using folder = firstPolicyFolder();
  const more = join(folder.path, "more.agentpolicy");
  writeFileSync(more, "approval watchful { approvers sales_leads within 1h decoys 1 in 20 }\n");
  const dev = await start(folder);
  const decoys = "not enforced here yet: `decoys …`";
  const atStart = dev.said().indexOf(decoys);
  expect(atStart).toBeGreaterThan(-1);
  expect(atStart).toBeLessThan(dev.said().indexOf("watching for changes"));
  expect(dev.said()).not.toContain("`fatigue …`");

  const said = dev.said().length;
  writeFileSync(
    more,
    `${readFileSync(more, "utf8")}approval tiring { approvers sales_leads within 1h fatigue 3 in 1h }\n`,
  );
  await until(() => /not enforced here yet: `fatigue …`/.test(dev.said().slice(said)));
  await until(() => /runs, sequence/.test(dev.said().slice(said)));
  expect(dev.said().slice(said)).toContain(decoys);
});

test("a review that is overdue is said at the start", async () => {
  using folder = firstPolicyFolder();
  const file = join(folder.path, "sales.agentpolicy");
  writeFileSync(file, readFileSync(file, "utf8").replace(/review +by \S+/, "review by 2026-01-31"));
  const dev = await start(folder);
  expect(dev.said()).toMatch(/warning\[AP4016\][\s\S]*is overdue/);
});

test("whoever the policy lists first acts, says who they are, and is told what became of it", async () => {
  using folder = folderWith({});
  const cwd = folder.path;
  expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
  const dev = await start(folder);
  const key = readFileSync(join(cwd, ".agentpolicy/keys/first_agent.jwk"), "utf8");
  const session = await connect({ edge: dev.url(), agent: "first_agent", key }).open();
  const mail = { to: "kim@example.com", subject: "hi", body: "Hello" };
  const { approval, request_digest: digest } = await session.authorize("mail.send", mail);
  const approved = await agentpolicy(["approve", approval?.id ?? "", "--digest", digest], { cwd });
  expect(approved.stdout).toMatch(/^approved as you@example\.com; the agent can use this once, until\s+20\S+Z\n$/);
  const killed = await agentpolicy(["kill", "agent", "first_agent", "--reason", "r"], { cwd });
  expect(killed.stdout).toMatch(/^killed agent first_agent as you@example\.com {2}\(swt_/);
  expect((await agentpolicy(["sessions"], { cwd })).stdout).toMatch(/ frozen\n$/);
  await until(async () => {
    await session.authorize("notes.read", { note: "n" });
    return dev
      .said()
      .includes("edge: refused first_agent without a record, as a kill switch stops agent first_agent\n");
  });
  expect(dev.said()).not.toContain("shield_denied");
  const lifted = await agentpolicy(["lift", "agent", "first_agent", "--reason", "r"], { cwd });
  expect(lifted.stdout).toBe("lifted agent first_agent as you@example.com\n");
});

test("a breaker that trips is said in the terminal", async () => {
  using folder = folderWith({});
  const cwd = folder.path;
  expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
  writeFileSync(
    join(cwd, "more.agentpolicy"),
    "breaker runaway { when 2 denied in 1m per session then kill session }\n",
  );
  const dev = await start(folder);
  const key = readFileSync(join(cwd, ".agentpolicy/keys/first_agent.jwk"), "utf8");
  const session = await connect({ edge: dev.url(), agent: "first_agent", key }).open();
  for (let times = 0; times < 2; times += 1) await session.authorize("notes.delete", { note: "n" });
  await until(() => dev.said().includes("edge: breaker runaway tripped"));
  expect(dev.said()).toContain(
    `edge: breaker runaway tripped (2 denied within 1m per session); it kills session ${session.id} until somebody lifts that\n`,
  );
});

test("a save is compiled and run; a bad save shows its frames and changes nothing", async () => {
  using folder = firstPolicyFolder();
  const dev = await start(folder);
  const file = join(folder.path, "sales.agentpolicy");
  const good = readFileSync(file, "utf8");
  expect(await sequence(dev)).toBe(1);

  writeFileSync(file, good.replace("5 per session", "five per session"));
  await until(() => dev.said().includes("the last good policy goes on running"));
  expect(dev.said()).toMatch(/error\[AP\d{4}\]/);
  expect(await sequence(dev)).toBe(1);

  writeFileSync(file, good.replace("5 per session", "6 per session"));
  await until(() => /runs, sequence 2/.test(dev.said()));
  expect(await sequence(dev)).toBe(2);
});

test("Ctrl-C ends it cleanly, and the next start still knows what happened", async () => {
  using folder = firstPolicyFolder();
  const first = await start(folder);
  const kill = ["kill", "agent", "sales_bot", "--reason", "r"];
  expect(await agentpolicy(kill, { cwd: folder.path })).toMatchObject({ code: 0 });
  expect(await stop(first)).toBe(0);
  expect(first.said()).toContain("stopped");
  expect(existsSync(join(folder.path, ".agentpolicy/edge"))).toBe(false);
  expect((await agentpolicy(["switches"], { cwd: folder.path })).code).toBe(2);

  const second = await start(folder);
  expect((await agentpolicy(["switches"], { cwd: folder.path })).stdout).toContain("agent sales_bot");
  expect(await stop(second)).toBe(0);

  await start(folder, "--fresh");
  expect((await agentpolicy(["switches"], { cwd: folder.path })).stderr).toContain("no switch is flipped");
});

test("a second one over the same folder is refused", async () => {
  using folder = firstPolicyFolder();
  await start(folder);
  const { code, stderr } = await agentpolicy(["dev", "--port", "0"], { cwd: folder.path });
  expect(code).toBe(3);
  expect(stderr).toContain("another edge runs over");
  const fresh = await agentpolicy(["dev", "--port", "0", "--fresh"], { cwd: folder.path });
  expect(fresh.code).toBe(3);
});

test("a port in use is named", async () => {
  using folder = firstPolicyFolder();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { code, stderr } = await agentpolicy(["dev", "--port", String(port)], { cwd: folder.path });
    expect(code).toBe(3);
    expect(stderr).toContain(`port ${port}`);
    expect(stderr).toContain("--port");
  } finally {
    server.close();
  }
});

test("a policy with errors doesn't start", async () => {
  using folder = folderWith({ "p.agentpolicy": "policy" });
  const { code, stderr } = await agentpolicy(["dev", "--port", "0"], { cwd: folder.path });
  expect(code).toBe(1);
  expect(stderr).toMatch(/error\[AP\d{4}\]/);
});

test("the demo tells its whole story and ends well", async () => {
  const demo = join(ROOT, "examples/01-first-policy/demo.ts");
  const { code, stdout, stderr } = await run(process.execPath, ["--conditions=agentpolicy-source", demo]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Everything came out as the policy says.");
  const words = [
    "allow",
    "allow, notify",
    "ask",
    "deny (rule)",
    "approval_mismatch",
    "approval_used",
    "limit_exceeded",
  ];
  for (const word of [...words, "invalid_argument", "killed", "every one fits", "was changed"]) {
    expect(stdout).toContain(word);
  }
});

test("a demo whose reader stops reading, and one that is killed, leave no edge and no folder behind", async () => {
  using temporary = folderWith({});
  const env = { TMPDIR: temporary.path };
  const folders = () => readdirSync(temporary.path).filter((name) => name.startsWith("agentpolicy-demo-"));
  const demo = join(ROOT, "examples/01-first-policy/demo.ts");
  const command = `"${process.execPath}" --conditions=agentpolicy-source "${demo}"`;
  const { code, stdout, stderr } = await run("sh", ["-c", `${command} | head -n 3`], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("A sales agent");
  await until(() => folders().length === 0);

  const child = spawn(process.execPath, ["--conditions=agentpolicy-source", demo], { env: cleanEnv(env) });
  const address = () => join(temporary.path, folders()[0] ?? "none", ".agentpolicy/edge");
  await until(() => existsSync(address()));
  const url = readFileSync(address(), "utf8").trim();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.kill("SIGKILL");
  await until(() => folders().length === 0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});
