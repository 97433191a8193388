/**
 * The README's tour, played as it is written: every command of its console blocks, in order, in one shell. What comes out
 * must be what the README shows, but for ids, hashes and times. Its two programs are type-checked and run as they stand.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../cli/local/port.ts";
import { codeBlocks, projectWith, typeCheck } from "./documented.ts";
import { agentpolicy, BIN, cleanEnv, folderWith, ROOT, run } from "./run-command.ts";
import type { Folder } from "./run-command.ts";

const README = readFileSync(join(ROOT, "README.md"), "utf8");
const LIMIT = 120_000;

interface Step {
  readonly command: string;
  readonly output: string;
}

/** A command begins with `$ ` and goes on while its lines end with a backslash; what follows is its output. */
function stepsOf(block: string): readonly Step[] {
  return block.split(/^\$ /m).flatMap((text) => {
    const found = /^((?:.*\\\n)*.*)\n([\s\S]*)$/.exec(text);
    return found === null ? [] : [{ command: found[1] ?? "", output: found[2] ?? "" }];
  });
}

const STEPS = codeBlocks(README, "console").flatMap(stepsOf);
const AGENT_STEP = STEPS.findIndex(({ command }) => command.startsWith("export FIRST_AGENT_KEY"));
const TOUR = STEPS.slice(0, AGENT_STEP);

/** What differs from run to run. */
function same(text: string): string {
  return text
    .replaceAll(/\b(ses|apr|swt)_[0-9a-z]{20,}/g, "$1_…")
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/sha256:[0-9a-f]+/g, "sha256:…")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .trimEnd();
}

/** The script's own words between the outputs. */
const MARK = "@@ next command @@";

/** One shell for all, so that `cd`, functions and variables hold; a person's typing is the only thing replaced. */
function scriptOf(steps: readonly Step[], port: number): string {
  const lines = steps.map(({ command }) => `${played(command)}\necho '${MARK}'`);
  const npx = `npx() { if [ "$1" = agentpolicy ]; then shift; "${process.execPath}" "${BIN}" "$@"; else command npx "$@"; fi; }`;
  const text = ["exec 2>&1", npx, ...lines, "kill $DEV; wait $DEV"].join("\n");
  return text.replaceAll("127.0.0.1:8787", `127.0.0.1:${port}`).replaceAll("--port 8787", `--port ${port}`);
}

function played(command: string): string {
  if (command.startsWith("npx agentpolicy dev")) {
    const started = 'until grep -q "watching for changes" dev.txt || ! kill -0 $DEV; do sleep 0.1; done';
    const itself = command.replace("npx agentpolicy", `"${process.execPath}" "${BIN}"`);
    return `: > dev.txt\n${itself} >> dev.txt 2>&1 &\nDEV=$!\n${started}\nhead -n 1 dev.txt`;
  }
  if (command.startsWith("npx agentpolicy approve apr_")) return APPROVE;
  if (command.startsWith("npx agentpolicy kill")) return `${command}\n${PERSONS_PACE}`;
  return command.replaceAll(/apr_[0-9a-z]{20,}/g, "$APPROVAL");
}

/**
 * The edge goes for a second by the switches that it read last. A person takes longer than that to type the next
 * command; a script may or may not, and then the answer comes from elsewhere, in other words and with a record.
 */
const PERSONS_PACE = "sleep 2";

/** There is no terminal to say yes at, so it is said with the digest of what was shown. */
const APPROVE = `APPROVAL=$(npx agentpolicy approvals 2>/dev/null | head -n 1)
npx agentpolicy approve "$APPROVAL" 2>/dev/null | tee shown.txt
echo 'Approve this request? [y/N] y'
npx agentpolicy approve "$APPROVAL" --digest "$(sed -n 's/^digest *//p' shown.txt)"`;

async function play(steps: readonly Step[], folder: Folder): Promise<readonly string[]> {
  const script = scriptOf(steps, await freePort());
  const { stdout } = await run("bash", ["-c", script], { cwd: folder.path, env: { NO_COLOR: "1", COLUMNS: "100" } });
  return stdout.split(`${MARK}\n`).slice(0, steps.length);
}

describe("the tour prints what the README shows", { timeout: LIMIT }, () => {
  let folder: Folder;
  let printed: readonly string[];

  beforeAll(async () => {
    folder = folderWith({});
    printed = await play(TOUR, folder);
  }, LIMIT);
  afterAll(() => folder[Symbol.dispose]());

  test("and has what a tour needs: from init to lift", () => {
    const commands = TOUR.map(({ command }) => command).join("\n");
    for (const name of ["init", "check", "test", "show", "dev", "sessions open", "approve ", "kill", "audit", "lift"])
      expect(commands).toContain(`npx agentpolicy ${name}`);
  });

  TOUR.forEach(({ command, output }, at) => {
    test(command.split("\n")[0] ?? "", () => {
      expect(same(printed[at] ?? "nothing was printed")).toBe(same(output));
    });
  });
});

describe("the README's programs", { timeout: LIMIT }, () => {
  const [agent = "", service = ""] = codeBlocks(README, "ts");

  const project = (): Folder => projectWith({ "tour/agent.ts": agent, "tour/mail-service.ts": service });

  test("are type-correct under strict", async () => {
    using folder = project();
    expect(await typeCheck(folder)).toMatchObject({ code: 0, stdout: "" });
  });

  test("run, wait for a person, and send", async () => {
    using folder = project();
    expect(await agentpolicy(["init", "tour"], { cwd: folder.path })).toMatchObject({ code: 0 });
    const cwd = join(folder.path, "tour");
    const port = await freePort();
    for (const name of ["agent.ts", "mail-service.ts"]) {
      const text = readFileSync(join(cwd, name), "utf8");
      writeFileSync(join(cwd, name), text.replaceAll("127.0.0.1:8787", `127.0.0.1:${port}`));
    }
    const dev = spawn(process.execPath, [BIN, "dev", "--port", String(port)], { cwd, env: cleanEnv(), stdio: "pipe" });
    try {
      await seen(dev.stderr, /watching/);
      const key = readFileSync(join(cwd, ".agentpolicy/keys/first_agent.jwk"), "utf8");
      const env = cleanEnv({ FIRST_AGENT_KEY: key });
      const program = spawn(process.execPath, ["--conditions=agentpolicy-source", "agent.ts"], {
        cwd,
        env,
        stdio: "pipe",
      });
      let printed = "";
      for (const stream of [program.stdout, program.stderr])
        stream.on("data", (data: Buffer) => (printed += data.toString()));
      const ended = new Promise<number | null>((resolve) => program.once("close", resolve));
      await seen(program.stdout, /waiting/);
      const { approvals } = JSON.parse((await agentpolicy(["approvals", "--json"], { cwd })).stdout) as {
        approvals: { id: string; request_digest: string }[];
      };
      const [{ id, request_digest: digest } = { id: "", request_digest: "" }] = approvals;
      expect(await agentpolicy(["approve", id, "--digest", digest], { cwd })).toMatchObject({ code: 0 });
      expect({ code: await ended, printed: same(printed) }).toEqual({
        code: 0,
        printed: same(STEPS.at(-1)?.output ?? ""),
      });
    } finally {
      dev.kill("SIGINT");
      await new Promise((resolve) => dev.once("exit", resolve));
    }
  });
});

function seen(stream: NodeJS.ReadableStream, what: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve, reject) => {
    stream.on("data", (data: Buffer) => {
      text += data.toString();
      if (what.test(text)) resolve();
    });
    stream.on("end", () => reject(new Error(`ended without ${String(what)}:\n${text}`)));
  });
}
