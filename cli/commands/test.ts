/** `agentpolicy test`: runs the policy's tests and says what they leave out. Exit code 1 when one fails. */
import { Option } from "commander";
import type { Command } from "commander";
import { runTests, testRunJson, testRunJunit, testRunText } from "../../compiler/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { countUndelivered } from "../note-undelivered.ts";
import { isColoured, note, print, widthOf } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json" | "junit";
  readonly json?: true;
  readonly filter?: string;
  readonly coverage?: true;
}

export function test(command: Command): void {
  command
    .description("Runs the policy's `test` blocks through the engine that the edge uses. Exit code 1 when one fails.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .addOption(
      new Option("--format <format>", "how to print results").choices(["text", "json", "junit"]).default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--filter <text>", "only tests whose title holds this text")
    .option("--coverage", "also list the rules that decided no call")
    .addHelpText("after", "\nExample:\n  agentpolicy test policies/ --filter refund")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const compiled = await compilePath(path);
  const table = tableOrFrames(compiled);
  if (table === null) return;
  const result = runTests(compiled.compilation, {
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    coverage: options.coverage === true,
  });
  switch (options.json ? "json" : options.format) {
    case "json":
      print(testRunJson(result));
      break;
    case "junit":
      print(testRunJunit(result));
      break;
    case "text":
      print(testRunText(result, compiled.sources, { colour: isColoured("stdout"), width: widthOf("stdout") }));
  }
  countUndelivered(table);
  if (result.failed > 0) process.exitCode = 1;
  if (result.tests.length > 0) return;
  if (options.filter !== undefined) {
    // A misspelt filter must not look like a green run.
    note(`no test's title holds \`${options.filter}\``);
    process.exitCode = 1;
  } else {
    note("this policy has no `test` block");
  }
}
