/** `agentpolicy show`: the matrix of agents and actions, for a terminal, a browser, a document or a program. */
import { Option } from "commander";
import type { Command } from "commander";
import { matrix, matrixHtml, matrixJson, matrixMermaid, matrixText } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { visibleJson } from "../inert.ts";
import { nearest } from "../nearest.ts";
import { listOf } from "../option-values.ts";
import { isColoured, note, print, widthOf } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

interface Options {
  readonly format: "text" | "json" | "html" | "mermaid";
  readonly json?: true;
  readonly agent?: readonly string[];
  readonly out?: string;
}

export function show(command: Command): void {
  command
    .description("Prints the policy as a matrix, agents by actions, with the tier in each cell.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .addOption(
      new Option("--format <format>", "how to print it").choices(["text", "json", "html", "mermaid"]).default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--agent <name>", "only this agent; may be given several times", listOf)
    .option("-o, --out <file>", "write to this file instead")
    .addHelpText("after", "\nExample:\n  agentpolicy show policies/ --format html -o matrix.html")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const table = tableOrFrames(await compilePath(path));
  if (table === null) return;
  for (const name of options.agent ?? []) requireAgent(table, name);
  const text = render(table, options);
  if (options.out === undefined) return print(text);
  await writeWhole(options.out, text);
  note(`wrote ${options.out}`);
}

function render(table: Table, options: Options): string {
  const found = matrix(table, options.agent === undefined ? {} : { agents: options.agent });
  switch (options.json ? "json" : options.format) {
    case "json":
      return visibleJson(matrixJson(found));
    case "html":
      return matrixHtml(found);
    case "mermaid":
      return matrixMermaid(found);
    case "text": {
      const toScreen = options.out === undefined;
      return matrixText(found, { colour: toScreen && isColoured("stdout"), width: widthOf("stdout") });
    }
  }
}

function requireAgent(table: Table, name: string): void {
  const names = table.body.agents.map((agent) => agent.name);
  if (!names.includes(name)) throw usage(`the policy has no agent \`${name}\``, nearest(name, names));
}
