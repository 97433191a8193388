import { Option } from "commander";
import type { Command } from "commander";
import { compilePath, countText, errorsIn, showFrames } from "../compile-path.ts";
import { githubAnnotations } from "../report/github.ts";
import { findingsJson } from "../report/findings-json.ts";
import { sarif } from "../report/sarif.ts";
import { wholeNumber } from "../option-values.ts";
import { note, print, printJson } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly maxWarnings?: number;
  readonly json?: true;
}

export function check(command: Command): void {
  command
    .description("Parses, resolves, types and analyses a policy. Exit code 1 when there are errors.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .addOption(
      new Option("--format <format>", "how to print findings")
        .choices(["text", "json", "sarif", "github"])
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--max-warnings <n>", "exit with 1 when there are more warnings than this", wholeNumber)
    .addHelpText("after", "\nExample:\n  agentpolicy check policies/ --max-warnings 0")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const { sources, compilation } = await compilePath(path);
  const { diagnostics } = compilation;
  switch (options.json ? "json" : options.format) {
    case "json":
      printJson(findingsJson(diagnostics, sources));
      break;
    case "sarif":
      printJson(sarif(diagnostics, sources));
      break;
    case "github":
      print(githubAnnotations(diagnostics, sources));
      break;
    case "text":
      showFrames(diagnostics, sources);
      note(`${sources.length} file${sources.length === 1 ? "" : "s"}: ${countText(diagnostics)}`);
  }
  const warnings = diagnostics.filter((diagnostic) => diagnostic.level === "warning").length;
  const tooMany = options.maxWarnings !== undefined && warnings > options.maxWarnings;
  if (tooMany) note(`${warnings} warnings, and --max-warnings allows ${options.maxWarnings}`);
  if (errorsIn(diagnostics).length > 0 || tooMany) process.exitCode = 1;
}
