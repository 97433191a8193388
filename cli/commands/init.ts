/** `agentpolicy init`: a first policy with tests and a key. Never writes over a file. */
import { existsSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { usage } from "../failure.ts";
import { firstPolicy, firstTests } from "../init/first-policy.ts";
import { newKey } from "../new-key.ts";
import { OWN_FOLDER, ownFolder } from "../own-folder.ts";
import { policyFilesBelow } from "../read-sources.ts";
import { noteText, print } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

const POLICY = "policy.agentpolicy";
const TESTS = "policy.test.agentpolicy";
const AGENT = "first_agent";
const ELSEWHERE = "give a folder of its own: `agentpolicy init NAME`";
/** Half a year, as an agent's review usually goes. */
const REVIEW_DAYS = 182;

export function init(command: Command): void {
  command
    .description("Writes a first policy with tests, and makes a key for its agent. Never overwrites a file.")
    .argument("[dir]", "where to", ".")
    .addHelpText("after", "\nExample:\n  agentpolicy init policies/")
    .action(run);
}

async function run(dir: string): Promise<void> {
  const folder = resolve(dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isFile())
    throw usage(`\`${dir}\` is a file`, "give a folder; `init` writes the files of a policy into it");
  const key = join(folder, OWN_FOLDER, "keys", `${AGENT}.jwk`);
  const files = [join(folder, POLICY), join(folder, TESTS), key];
  await refuseWhere(folder, files);
  await ownFolder(join(folder, OWN_FOLDER));
  const publicKey = await newKey(key);
  const reviewBy = new Date(Date.now() + REVIEW_DAYS * 86_400_000).toISOString().slice(0, 10);
  await writeWhole(join(folder, POLICY), firstPolicy({ name: policyName(folder), publicKey, reviewBy }), {
    exclusive: true,
  });
  await writeWhole(join(folder, TESTS), firstTests(), { exclusive: true });
  for (const file of files) print(shown(file));
  const at = dir === "." ? "" : ` ${inShell(dir)}`;
  noteText(
    `next: \`npx agentpolicy check${at}\`, \`npx agentpolicy test${at}\`, \`npx agentpolicy show${at}\`, \`npx agentpolicy dev${at}\``,
  );
}

/** All or nothing: a policy whose key wasn't written would be of no use, and two in one folder are an error. */
async function refuseWhere(folder: string, files: readonly string[]): Promise<void> {
  const there = files.find((file) => existsSync(file));
  if (there !== undefined) throw usage(`\`${shown(there)}\` exists already; nothing was written`, ELSEWHERE);
  const [other] = existsSync(folder) ? await policyFilesBelow(folder) : [];
  if (other !== undefined)
    throw usage(`\`${shown(other)}\` stands there, and a folder is one policy; nothing was written`, ELSEWHERE);
}

/** As a shell takes it for one word. */
function inShell(path: string): string {
  return /^[\w./@:+,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function policyName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name || "my-agents";
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}
