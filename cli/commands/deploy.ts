/** `agentpolicy deploy`: refuses what must not run, builds a folder, uploads it and waits until it answers. */
import { mkdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { runTests, serializeTable, testRunText } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { connectPerson } from "../../sdk/index.ts";
import { compilePath, showWarnings, tableOrFrames } from "../compile-path.ts";
import type { Compiled } from "../compile-path.ts";
import { confirm } from "../confirm.ts";
import { deploymentOrigin, environmentFor, obstacles, placeholders, workerName } from "../deploy/deployment-plan.ts";
import type { DeploymentPlan } from "../deploy/deployment-plan.ts";
import { nextSequence, waitForHash } from "../deploy/running-edge.ts";
import { requireWrangler } from "../deploy/run-wrangler.ts";
import { uploadWorker } from "../deploy/upload-worker.ts";
import { wranglerConfig } from "../deploy/wrangler-config.ts";
import { tokenText } from "../edge-access.ts";
import { readExportsFile } from "../exports-file.ts";
import { Failure, usage } from "../failure.ts";
import { noteIdleSwitches } from "../idle-switches.ts";
import { inert } from "../inert.ts";
import { bundleWorker, TABLE_MODULE } from "../local/bundle-worker.ts";
import { noteExports, noteLackingSecrets } from "../note-exports.ts";
import { noteUndelivered } from "../note-undelivered.ts";
import { ownFolder } from "../own-folder.ts";
import { colours, isColoured, note, noteText, print, printBeside, widthOf } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

interface Options {
  readonly dryRun?: true;
  readonly env?: string;
  readonly origin?: string;
  readonly first?: true;
  readonly yes?: true;
  readonly exports?: string;
  readonly token?: string;
}

export function deploy(command: Command): void {
  command
    .description(
      "Checks and tests the policy, builds the Worker with its table, and hands it to wrangler. Refuses a policy with " +
        "errors, failing tests or a development issuer.",
    )
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .option("--dry-run", "do everything but upload; needs no account and no network")
    .option("--env <name>", "environment of the policy (default: production, or the only one)")
    .option("--origin <url>", "address the edge gets, such as https://policy.example")
    .option("--exports <file>", "export records as this JSON file says; secrets that are new come from the environment")
    .option("--token <token>", "an operator's or auditor's (AGENTPOLICY_TOKEN), or @FILE: to look at kill switches")
    .option("--first", "nothing runs at that address yet")
    .option("-y, --yes", "don't ask")
    .addHelpText("after", "\nExample:\n  agentpolicy deploy policies/ --env production --dry-run")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const compiled = await compilePath(path);
  const table = tableOrFrames(compiled);
  if (table === null || !testsPass(compiled)) return;
  showWarnings(compiled);
  noteUndelivered(table);
  const environment = environmentFor(table, options.env);
  const found = [...obstacles(table), ...(options.dryRun ? [] : placeholders(table))];
  if (found.length > 0) throw new Failure(1, `this policy can't be deployed: ${found.join("; ")}`);
  const plan = await planFor(table, environment, options);
  const folder = await writeDeployment(plan, table);
  noteExports(plan.exports);
  if (options.dryRun) return dryRun(plan, folder, table);
  if (options.first !== true) await lookAtSwitches(plan, table, options);
  if (!options.yes && !(await confirm(`Deploy ${inert(table.body.name)} to ${plan.origin} as ${plan.worker}?`))) {
    note("nothing was deployed");
    process.exitCode = 1;
    return;
  }
  await upload(plan, folder, table);
}

function testsPass({ compilation, sources }: Compiled): boolean {
  const result = runTests(compilation);
  if (result.failed === 0) {
    const passed = `${result.passed} test${result.passed === 1 ? "" : "s"} passed`;
    note(result.tests.length === 0 ? "this policy has no tests" : passed);
    return true;
  }
  note(testRunText(result, sources, { colour: isColoured("stderr"), width: widthOf("stderr") }));
  note("nothing was deployed");
  process.exitCode = 1;
  return false;
}

async function planFor(table: Table, environment: string, options: Options): Promise<DeploymentPlan> {
  if (options.origin === undefined && !options.dryRun) {
    throw usage("under which address?", "give `--origin https://policy.example`");
  }
  const origin = options.origin === undefined ? null : deploymentOrigin(options.origin);
  const exports = options.exports === undefined ? null : await readExportsFile(options.exports, false);
  const sequence =
    options.dryRun || origin === null ? 1 : await nextSequence(origin, table.hash, options.first === true);
  return {
    worker: workerName(table, environment),
    environment,
    origin,
    sequence,
    region: table.body.settings.region,
    exports,
  };
}

/** The folder holds everything that wrangler needs, and nothing from an earlier run. */
async function writeDeployment(plan: DeploymentPlan, table: Table): Promise<string> {
  const folder = join(await ownFolder(), "deploy", plan.environment);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { code } = await bundleWorker();
  await writeWhole(join(folder, "worker.js"), code);
  await writeWhole(join(folder, TABLE_MODULE), serializeTable(table));
  await writeWhole(join(folder, "wrangler.json"), `${JSON.stringify(wranglerConfig(plan), null, 2)}\n`);
  return folder;
}

/** A dry run is where a placeholder may still stand; it says what would keep it from being deployed. */
async function dryRun(plan: DeploymentPlan, folder: string, table: Table): Promise<void> {
  await requireWrangler(["deploy", "--dry-run", "--config", "wrangler.json", "--outdir", "out"], folder);
  printBeside(`${plan.worker} (${plan.environment}):`, table.hash);
  print(`built in ${relative(process.cwd(), folder)}`);
  const address = plan.origin === null ? ["give its address with `--origin https://policy.example`"] : [];
  for (const left of [...address, ...placeholders(table)])
    noteText(`${colours("stderr").yellow("before it can be deployed:")} ${left}`);
  if (plan.exports !== null) noteLackingSecrets(plan.exports);
  note("dry run: nothing was uploaded");
}

/** What is killed now and has no such name in the new policy runs again from here on. */
async function lookAtSwitches({ origin }: DeploymentPlan, table: Table, options: Options): Promise<void> {
  const given = options.token ?? process.env["AGENTPOLICY_TOKEN"];
  if (origin === null) return;
  if (given) return noteIdleSwitches(connectPerson({ edge: origin, token: await tokenText(given) }), table);
  noteText(
    "kill switches weren't looked at: with an operator's `--token` or AGENTPOLICY_TOKEN, those that name nothing in this policy are told",
  );
}

async function upload(plan: DeploymentPlan, folder: string, table: Table): Promise<void> {
  await uploadWorker(folder, plan.worker, plan.exports);
  await waitForHash(plan.origin ?? "", table.hash);
  print(`${plan.origin} enforces ${table.hash}, sequence ${plan.sequence}`);
}
