/** Runs one command line and returns the exit code: 0 fine, 1 findings, 2 wrong usage, 3 environment, 70 our bug. */
import { CommanderError } from "commander";
import { AgentPolicyError } from "../sdk/index.ts";
import { exitCodeOfClientError, helpForClientError } from "./client-error.ts";
import { Failure } from "./failure.ts";
import { inert, inertLines } from "./inert.ts";
import { buildProgram } from "./program.ts";
import { colours, noteText } from "./terminal.ts";

export async function main(argv: readonly string[]): Promise<number> {
  endQuietlyOnClosedPipe();
  try {
    const program = await buildProgram(argv);
    await program.parseAsync(argv, { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed its own message (or the help) already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) {
    // It may hold names of a policy, or what somebody typed.
    complain(inertLines(error.message), error.help === null ? null : inertLines(error.help));
    return error.exitCode;
  }
  if (error instanceof AgentPolicyError) {
    complain(inert(error.message), helpForClientError(error));
    return exitCodeOfClientError(error);
  }
  const debug = process.env["AGENTPOLICY_DEBUG"] === "1";
  const what = error instanceof Error ? (debug ? error.stack : error.message) : String(error);
  complain(
    `this is a bug in agentpolicy: ${what ?? "unknown"}`,
    debug ? null : "set AGENTPOLICY_DEBUG=1 to see where it happened, and report it with the policy that shows it",
  );
  return 70;
}

function complain(message: string, help: string | null): void {
  const paint = colours("stderr");
  noteText(`${paint.red("agentpolicy:")} ${message}`);
  if (help !== null) noteText(`  ${paint.dim("help:")} ${help}`, "    ");
}

/** `agentpolicy show | head` closes the pipe before all is printed; that is no error of anybody's. */
function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}
