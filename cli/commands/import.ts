/** `agentpolicy import …`: tools as actions that stay shut. Calls no tool, and grants nothing. */
import type { Command } from "commander";
import { importOpenApi, isPlainName, plainName } from "../../compiler/index.ts";
import { usage } from "../failure.ts";
import type { ImportOptions, McpOptions } from "../import/import-options.ts";
import { importedServers } from "../import/imported-servers.ts";
import { readInput, readOrFail } from "../import/read-input.ts";
import { writeImported } from "../import/write-imported.ts";
import { listOf } from "../option-values.ts";

export function importCommand(command: Command): void {
  command
    .description(
      "Declares tools as actions. Nothing is granted: each stays shut until somebody has looked at its classes.",
    )
    .usage("[options] <command>")
    .argument("[source...]")
    .addHelpText("after", "\nExample:\n  agentpolicy import mcp crm.tools.json -o crm.agentpolicy")
    .action(askForKind);
  const mcp = command.command("mcp").summary("the tools of an MCP server");
  shared(
    mcp.description("Declares the tools of an MCP server. Importing again into the same file follows its catalogue."),
  )
    .argument("<source>", "what `tools/list` answered, as a file or `-`; or the server's URL, which is asked")
    .option("--server <name>", "also write the `server` line, with the hash of the catalogue")
    .option("--url <url>", "the server's address in that line, where the source is a file")
    .option("--tools <file>", "save the catalogue here, where the source is a URL or `-`")
    .option("--only <name>", "this server, of a file that holds several")
    .option(
      "--header <header>",
      '"Name: value" for a URL; a value of @FILE is read from it; may be given again',
      listOf,
    )
    .addHelpText("after", "\nExample:\n  agentpolicy import mcp crm.tools.json -o crm.agentpolicy")
    .action(runMcp);
  const api = command.command("openapi").summary("the operations of an OpenAPI document");
  shared(api.description("Declares the operations of an OpenAPI 3.0 or 3.1 document in JSON, one action each."))
    .argument("<file>", "the document, or `-` for standard input")
    .addHelpText("after", "\nExample:\n  agentpolicy import openapi shop.json --prefix shop -o shop.agentpolicy")
    .action(runOpenApi);
}

/** Nothing is guessed from a file's name: what it is decides how it is read. */
function askForKind(given: readonly string[]): never {
  const [what] = given;
  const file = given.at(-1) ?? "FILE";
  throw usage(
    what === undefined ? "import what?" : `what is \`${what}\`?`,
    `\`agentpolicy import mcp ${file}\` for an MCP server's tools, \`agentpolicy import openapi ${file}\` for an OpenAPI document`,
  );
}

function shared(command: Command): Command {
  return command
    .option("-o, --out <file>", "write this file, or bring it up to date where it is there")
    .option("--check", "change nothing; exit with 1 when importing would change the file")
    .option("--prefix <name>", "first part of the actions' names");
}

async function runMcp(source: string, options: McpOptions): Promise<void> {
  checkOptions(options);
  await writeImported(await importedServers(source, options), targetOf(options));
}

async function runOpenApi(path: string, options: ImportOptions): Promise<void> {
  checkOptions(options);
  const input = await readInput(path);
  const { title, actionsFor } = readOrFail(importOpenApi(input.text), input);
  const prefix = options.prefix ?? plainName(title ?? "")?.toLowerCase() ?? null;
  if (prefix === null) throw usage("the document has no title to name the actions by", "give `--prefix NAME`");
  const imported = { prefix, source: input.name, actions: actionsFor(prefix), server: null };
  await writeImported([imported], targetOf(options));
}

function checkOptions({ check, out, prefix }: ImportOptions): void {
  if (check && out === undefined) throw usage("`--check` needs the file to check", "give it with `-o FILE`");
  if (prefix !== undefined && !isPlainName(prefix)) {
    throw usage(`\`${prefix}\` can't begin the names of actions`, "use letters, digits, `_` and `-`");
  }
}

function targetOf({ out, check }: ImportOptions): { readonly out: string | null; readonly check: boolean } {
  return { out: out ?? null, check: check === true };
}
