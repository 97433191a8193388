/**
 * The commands, as data. Only the one that is called gets loaded: `agentpolicy kill` must not wait for the parser, nor
 * `agentpolicy check` for the HTTP client.
 */
import { Command } from "commander";
import { noteText } from "./terminal.ts";
import { version } from "./version.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(command: Command) => void>;
}

const ENTRIES: readonly Entry[] = [
  { name: "init", summary: "write a first policy", load: async () => (await import("./commands/init.ts")).init },
  {
    name: "check",
    summary: "find mistakes in a policy",
    load: async () => (await import("./commands/check.ts")).check,
  },
  {
    name: "fmt",
    summary: "rewrite policies in canonical form",
    load: async () => (await import("./commands/fmt.ts")).fmt,
  },
  {
    name: "test",
    summary: "run the policy's test blocks",
    load: async () => (await import("./commands/test.ts")).test,
  },
  {
    name: "compile",
    summary: "write the decision table",
    load: async () => (await import("./commands/compile.ts")).compileCommand,
  },
  {
    name: "show",
    summary: "print who may do what, agents by actions",
    load: async () => (await import("./commands/show.ts")).show,
  },
  {
    name: "explain",
    summary: "decide one request and say why",
    load: async () => (await import("./commands/explain.ts")).explainCommand,
  },
  {
    name: "import",
    summary: "declare the tools of an MCP server or an API",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    name: "diff",
    summary: "compare two policies by what they decide",
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    name: "who-can",
    summary: "list the agents that can do an action",
    load: async () => (await import("./commands/who-can.ts")).whoCanCommand,
  },
  {
    name: "keys",
    summary: "make an agent's key pair, or replace a key of the edge",
    load: async () => (await import("./commands/keys.ts")).keys,
  },
  {
    name: "canary",
    summary: "make a marker to plant in data",
    load: async () => (await import("./commands/canary.ts")).canary,
  },
  { name: "dev", summary: "run the edge on this machine", load: async () => (await import("./commands/dev.ts")).dev },
  {
    name: "deploy",
    summary: "put the policy on Cloudflare Workers",
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  {
    name: "kill",
    summary: "stop an agent, a session or all",
    load: async () => (await import("./commands/kill.ts")).kill,
  },
  { name: "lift", summary: "undo a kill", load: async () => (await import("./commands/lift.ts")).lift },
  {
    name: "switches",
    summary: "list kill switches",
    load: async () => (await import("./commands/switches.ts")).switches,
  },
  {
    name: "sets",
    summary: "show and change live sets",
    load: async () => (await import("./commands/sets.ts")).sets,
  },
  {
    name: "approvals",
    summary: "list what waits for a person",
    load: async () => (await import("./commands/approvals.ts")).approvals,
  },
  {
    name: "approve",
    summary: "say yes to one request",
    load: async () => (await import("./commands/decide.ts")).approve,
  },
  { name: "deny", summary: "say no to one request", load: async () => (await import("./commands/decide.ts")).deny },
  {
    name: "sessions",
    summary: "list sessions, or open one",
    load: async () => (await import("./commands/sessions.ts")).sessions,
  },
  {
    name: "exports",
    summary: "show how records are exported, and send again",
    load: async () => (await import("./commands/exports.ts")).exportsCommand,
  },
  {
    name: "replay",
    summary: "show one session step by step",
    load: async () => (await import("./commands/replay.ts")).replay,
  },
  {
    name: "audit",
    summary: "fetch records, check them, and ask what they tell",
    load: async () => (await import("./commands/audit.ts")).audit,
  },
];

/** The whole command tree, the called command filled in. */
export async function buildProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("agentpolicy")
    .description("What AI agents may do: checked, compiled and enforced.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this")
    .enablePositionalOptions()
    .helpCommand("help [command]", "print a command's help")
    .showHelpAfterError("(`agentpolicy --help` lists the commands)")
    .addHelpText("after", "\nExamples:\n  agentpolicy check\n  agentpolicy show policy.agentpolicy\n  agentpolicy dev");
  quiet(program);
  const called = argv.find((word) => !word.startsWith("-") && word !== "help");
  for (const entry of ENTRIES) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    if (entry.name === called) (await entry.load())(command);
    for (const part of [command, ...command.commands]) {
      quiet(part)
        .helpOption("-h, --help", "print this")
        .showHelpAfterError(`(see \`agentpolicy ${pathOf(part)} --help\`)`);
    }
  }
  return program;
}

/** Errors come back to `main` instead of ending the process. */
function quiet(command: Command): Command {
  return command.exitOverride().configureOutput({ outputError: (text) => noteText(inOurWords(text)) });
}

/** Commander's complaints as everything else here complains. */
function inOurWords(text: string): string {
  return text
    .trimEnd()
    .replace(/^error: (command-argument value )?/, "agentpolicy: ")
    .replace(/\. Allowed choices are (.*)\.$/, "; say one of $1")
    .replaceAll(/'([^'\n]*)'/g, "`$1`");
}

function pathOf(command: Command): string {
  const above = command.parent;
  return above !== null && above.parent !== null ? `${above.name()} ${command.name()}` : command.name();
}
