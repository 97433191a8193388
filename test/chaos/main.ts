/** `npm run chaos -- --restarts 100 --seed 1`: exits with 1 when anything that was promised didn't hold. */
import { parseArgs } from "node:util";
import { chaosRun } from "./chaos-run.ts";
import { AGENTS } from "./policy-text.ts";
import { checkDecidedAgain } from "./check-decided-again.ts";
import { checkExports } from "./check-exports.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkRun } from "./check-run.ts";

const { values } = parseArgs({
  options: { restarts: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const restarts = Number(values.restarts);
const seed = Number(values.seed);
const log = (line: string): void => void process.stdout.write(`${line}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const { table, journal, logs, anchored, exported } = await chaosRun({ restarts, agents: AGENTS.length, seed, log });
const reports = [
  await checkRun(journal, logs),
  await checkLedger(logs, anchored),
  checkExports(logs, exported),
  checkDecidedAgain(table, logs),
];
const violations = reports.flatMap((report) => report.violations);
const counts = Object.assign({}, ...reports.map((report) => report.counts)) as { readonly [what: string]: number };
log(`${restarts} restarts, seed ${seed}`);
for (const [what, count] of Object.entries(counts)) log(`  ${what}: ${count}`);
for (const violation of violations.slice(0, 50)) log(`VIOLATION ${violation}`);
log(violations.length === 0 ? "everything held" : `${violations.length} violations with seed ${seed}`);
process.exitCode = violations.length === 0 ? 0 : 1;
