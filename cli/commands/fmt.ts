/** `agentpolicy fmt`: canonical form. A file with errors is left as it is. */
import type { Command } from "commander";
import { parse, print as printTree } from "../../dsl/index.ts";
import type { Source } from "../../dsl/index.ts";
import { countText, errorsIn, showFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { readSources, type SourceFile } from "../read-sources.ts";
import { rewriteSources } from "../rewrite-sources.ts";
import { note, print } from "../terminal.ts";

interface Options {
  readonly check?: true;
  readonly stdin?: true;
}

export function fmt(command: Command): void {
  command
    .description("Rewrites policies in canonical form. Comments stay; what a policy means never changes.")
    .argument("[path]", "a file, or a directory with *.agentpolicy files", ".")
    .option("--check", "change nothing; exit with 1 when a file isn't in canonical form")
    .option("--stdin", "read a policy from standard input and print it")
    .addHelpText("after", "\nExample:\n  agentpolicy fmt policies/ --check")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  if (options.stdin) {
    const formatted = format({ name: "stdin", text: await readStdin() });
    if (formatted === null) process.exitCode = 1;
    else print(formatted);
    return;
  }
  for (const source of await readSources(path)) await formatFile(source, options);
}

async function formatFile(source: SourceFile, options: Options): Promise<void> {
  const formatted = format(source);
  if (formatted === null) {
    process.exitCode = 1;
  } else if (formatted !== source.text && options.check) {
    note(`${source.name}: not in canonical form; run \`agentpolicy fmt\``);
    process.exitCode = 1;
  } else if (formatted !== source.text) {
    await rewriteSources([{ source, text: formatted }]);
    note(`${source.name}: rewritten`);
  }
}

/** Null, with frames on stderr, for a file that can't be read whole: what the parser skipped must not be lost. */
function format(source: Source): string | null {
  const { file, diagnostics } = parse(source);
  const errors = errorsIn(diagnostics);
  if (errors.length === 0) return printTree(file);
  showFrames(errors, [source]);
  note(`${source.name}: ${countText(errors)}; left as it is`);
  return null;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw usage("standard input isn't UTF-8 text");
  }
}
