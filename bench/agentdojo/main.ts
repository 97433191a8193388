/** Replays AgentDojo under one policy per suite. See README.md. */
import { parseArgs } from "node:util";
import { render } from "./report.ts";
import { run } from "./run.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const replayed = run({ runs: true });
process.stdout.write(values.json ? `${JSON.stringify(replayed, null, 2)}\n` : `${render(replayed)}\n`);
