/** `agentpolicy keys rotate`: a new key for tokens, permits or checkpoints, here or at Cloudflare. None is printed. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { Argument } from "commander";
import { KEY_TIMES } from "../../edge/key-times.ts";
import type { KeyKind } from "../../edge/key-times.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { confirm } from "../confirm.ts";
import { environmentFor, workerName } from "../deploy/deployment-plan.ts";
import { Failure, usage } from "../failure.ts";
import { pathOf } from "../local/edge-keys.ts";
import { readIfThere } from "../local/read-state.ts";
import { OWN_FOLDER } from "../own-folder.ts";
import type { Rotation } from "../rotate/plan-rotation.ts";
import { planDeployed, rotateDeployed } from "../rotate/rotate-deployed.ts";
import { rotateLocal } from "../rotate/rotate-local.ts";
import { secretName } from "../secret-name.ts";
import { note, noteText, print, printBeside } from "../terminal.ts";

interface Options {
  readonly dir: string;
  readonly env?: string;
  readonly drop?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** `agentpolicy keys rotate` */
export function rotateCommand(command: Command): void {
  command
    .addArgument(new Argument("<kind>", "which key of the edge").choices(Object.keys(KEY_TIMES)))
    .argument("[path]", "with --env: the policy that is deployed", ".")
    .summary("replace a key of the edge")
    .description(
      "Replaces the key of session tokens, permits or checkpoints without refusing anything: the one before it stays good " +
        "for as long as what it signed can live. Without --env it is the edge on this machine, which takes the new key up at " +
        "its next start, or when the policy is saved while `agentpolicy dev` runs.",
    )
    .option("--dir <folder>", "where the edge on this machine keeps its keys", OWN_FOLDER)
    .option("--env <name>", "rotate at Cloudflare, in this environment of the policy")
    .option("--drop", "the key has leaked: what it signed counts no more, and sessions must be opened anew")
    .option("--dry-run", "with --env: say what would be done; needs no account and no network")
    .option("-y, --yes", "with --env: don't ask")
    .addHelpText(
      "after",
      "\nExamples:\n  agentpolicy keys rotate session\n  agentpolicy keys rotate permit --env production",
    )
    .action(run);
}

async function run(kind: KeyKind, path: string, options: Options): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  if (options.env !== undefined) return rotateAtCloudflare(kind, path, { ...options, env: options.env }, now);
  if (options.dryRun) throw usage("`--dry-run` is for deployments", "name one with `--env`");
  const directory = resolve(options.dir);
  if ((await readIfThere(pathOf(directory))) === null)
    throw usage(
      `no edge has keys in \`${options.dir}\``,
      "start one with `agentpolicy dev`, or give its folder with `--dir`",
    );
  refuseEarly(kind, await rotateLocal(directory, kind, now, options.drop === true));
  print(`${kind} key rotated in ${options.dir}`);
  noteText("the edge signs with it from its next start, or when the policy is saved while `agentpolicy dev` runs");
  noteOld(kind, options);
}

async function rotateAtCloudflare(
  kind: KeyKind,
  path: string,
  options: Options & { readonly env: string },
  now: number,
): Promise<void> {
  const table = tableOrFrames(await compilePath(path));
  if (table === null) return;
  const worker = workerName(table, environmentFor(table, options.env));
  if (options.dryRun) return dryRun(kind, worker, options, now);
  const plan = await planDeployed(worker, kind, now, options.drop === true);
  refuseEarly(kind, plan);
  if (!options.yes && !(await confirm(`Rotate the ${kind} key of ${worker}?`))) {
    note("nothing was rotated");
    process.exitCode = 1;
    return;
  }
  await rotateDeployed(worker, kind, plan);
  const from = plan.made.at(-1) ?? now;
  print(`${secretName(kind, from)} of ${worker} signs from ${time(from)}`);
  noteOld(kind, options);
}

function dryRun(kind: KeyKind, worker: string, { drop }: Options, now: number): void {
  const { secret, known_before } = KEY_TIMES[kind];
  const from = drop ? now : now + known_before;
  printBeside("1. wrangler secret list --format json", `which ${secret}… the Worker ${worker} has`);
  printBeside("2. wrangler secret bulk", `${secretName(kind, from)}, to sign from ${time(from)}`);
  print("    those before the present one are removed");
  note("dry run: nothing was rotated");
}

function refuseEarly(kind: KeyKind, plan: Rotation): asserts plan is Rotation & { readonly kind: "rotate" } {
  if (plan.kind === "rotate") return;
  throw new Failure(
    1,
    `the ${kind} key was rotated lately, and what the one before it signed is good until ${time(plan.until)}`,
    "wait until then; if a key has leaked, `--drop` replaces both at once",
  );
}

function noteOld(kind: KeyKind, { drop }: Options): void {
  const hours = Math.ceil(KEY_TIMES[kind].kept_after / 3600);
  if (drop && hours === Infinity) noteText(`the edge publishes none of the earlier ${kind} keys from then on`);
  else if (hours === Infinity)
    noteText(`earlier ${kind} keys stay published and sign beside the new one, so that nobody has to change over`);
  else if (drop) note(`what earlier ${kind} keys signed is refused from then on`);
  else note(`what the key before it signed stays good for ${hours} hours after that`);
}

/** RFC 3339 in UTC. */
function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
