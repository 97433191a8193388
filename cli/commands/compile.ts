/** `agentpolicy compile`: the decision table, on stdout or in a file. None from a policy with errors. */
import type { Command } from "commander";
import { serializeTable } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { compilePath, showFrames, tableOrFrames } from "../compile-path.ts";
import { inert } from "../inert.ts";
import { note, print, printJson } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

interface Options {
  readonly out?: string;
  readonly stats?: true;
  readonly json?: true;
}

export function compileCommand(command: Command): void {
  command
    .description("Compiles a policy to the decision table that the edge enforces. Prints it, or writes it with -o.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .option("-o, --out <file>", "write the table to this file, whole or not at all")
    .option("--stats", "print what the table holds instead of the table")
    .option("--json", "with --stats: as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy compile policies/ -o table.json --stats")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const compiled = await compilePath(path);
  const table = tableOrFrames(compiled);
  if (table === null) return;
  showFrames(
    compiled.compilation.diagnostics.filter((diagnostic) => diagnostic.level === "warning"),
    compiled.sources,
  );
  const text = serializeTable(table);
  if (options.out !== undefined) {
    await writeWhole(options.out, text);
    note(`${options.out}: ${table.hash}`);
  } else if (options.stats === undefined) {
    print(text);
  }
  if (options.stats) printStats(table, text, options.json === true);
}

function printStats(table: Table, text: string, json: boolean): void {
  const { body } = table;
  const stats = {
    policy: body.name,
    hash: table.hash,
    bytes: Buffer.byteLength(text),
    agents: body.agents.length,
    roles: body.blocks.filter((block) => block.kind === "role").length,
    actions: body.actions.length,
    rules: body.blocks.reduce((sum, block) => sum + block.rules.length, 0),
    limits: body.blocks.reduce((sum, block) => sum + block.limits.length, 0),
    approvals: body.approvals.length,
  };
  if (json) return printJson(stats);
  for (const [name, value] of Object.entries(stats)) print(`${name.padEnd(10)} ${inert(String(value))}`);
}
