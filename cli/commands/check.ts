/** `agentpolicy check`: findings in the format that was asked for. Writes policies only with `--fix`. */
import { Option } from "commander";
import type { Command } from "commander";
import { type Compilation, provedClaims, provedText } from "../../compiler/index.ts";
import { compilePath, type Compiled, countText, errorsIn, showFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { wholeNumber } from "../option-values.ts";
import { explainCode } from "../report/explain-code.ts";
import { findingsJson } from "../report/findings-json.ts";
import { githubAnnotations } from "../report/github.ts";
import { printOwasp } from "../report/owasp.ts";
import { sarif } from "../report/sarif.ts";
import { writeFixes } from "../report/write-fixes.ts";
import { countUndelivered } from "../note-undelivered.ts";
import { noteUnreviewed } from "../note-unreviewed.ts";
import { note, print, printJson } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly maxWarnings?: number;
  readonly json?: true;
  readonly explain?: string;
  readonly report?: "owasp";
  readonly fix?: true;
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
    .option("--explain <code>", "print the page of a finding, such as AP4002, and check nothing")
    .addOption(new Option("--report <report>", "what the policy enforces and leaves open").choices(["owasp"]))
    .option("--fix", "apply the fixes that don't change what a policy decides; guesses at names are only shown")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  agentpolicy check policies/ --max-warnings 0
  agentpolicy check --explain AP4002
  agentpolicy check policies/ --report owasp`;

async function run(path: string, options: Options): Promise<void> {
  if (options.explain !== undefined) return explainCode(options.explain);
  const format = options.json ? "json" : options.format;
  if (options.report === "owasp" && (format === "sarif" || format === "github")) {
    throw usage(`\`--report owasp\` isn't printed as \`${format}\``, "use `--format text` or `--format json`");
  }
  const read = await compilePath(path);
  const compiled = options.fix ? await writeFixes(read) : read;
  if (options.report === "owasp" && (format === "text" || format === "json")) printOwasp(compiled, format);
  else printFindings(compiled, format);
  judge(compiled, options);
}

function printFindings({ sources, compilation }: Compiled, format: Options["format"]): void {
  const { diagnostics, table } = compilation;
  switch (format) {
    case "json":
      return printJson({ ...findingsJson(diagnostics, sources), proved: provedClaims(compilation) });
    case "sarif":
      return printJson(sarif(diagnostics, sources));
    case "github":
      if (diagnostics.length > 0) print(githubAnnotations(diagnostics, sources));
      return;
    case "text":
      showFrames(diagnostics, sources);
      note(`${sources.length} file${sources.length === 1 ? "" : "s"}: ${summary(compilation)}`);
      if (table === null) return;
      noteUnreviewed(table);
      countUndelivered(table);
  }
}

/** `no findings, 5 claims proved`. */
function summary(compilation: Compilation): string {
  const proved = provedText(provedClaims(compilation));
  return [countText(compilation.diagnostics), ...(proved === null ? [] : [proved])].join(", ");
}

function judge({ compilation: { diagnostics } }: Compiled, { maxWarnings }: Options): void {
  const warnings = diagnostics.filter((diagnostic) => diagnostic.level === "warning").length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  if (tooMany) note(`${warnings} warnings, and --max-warnings allows ${maxWarnings}`);
  if (errorsIn(diagnostics).length > 0 || tooMany) process.exitCode = 1;
}
