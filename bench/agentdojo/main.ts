/** Replays AgentDojo's banking and slack suites. See README.md. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { render } from "./report.ts";
import { run } from "./run.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const results = run();
process.stdout.write(`${render(results)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
