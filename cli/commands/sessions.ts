/** `agentpolicy sessions`: lists those of an edge, and opens one by hand. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { AgentPolicyError, connect, InvalidKey } from "../../sdk/index.ts";
import type {
  ConnectOptions,
  CredentialOptions,
  OpenOptions as SessionOptions,
  Session,
  UsualSummary,
} from "../../sdk/index.ts";
import { edgeAddress, personAt, readToken, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { exitCodeOfClientError } from "../client-error.ts";
import { environment, Failure, pathFailure, usage } from "../failure.ts";
import { inert } from "../inert.ts";
import { helpForOpening } from "../opening-help.ts";
import type { Opening } from "../opening-help.ts";
import { OWN_FOLDER } from "../own-folder.ts";
import { note, noteText, print, printBeside, printJson } from "../terminal.ts";
import { requesterTokenCommand } from "./requester-token.ts";

interface ListOptions extends EdgeOptions {
  readonly agent?: string;
  readonly usual?: true;
  readonly json?: true;
}

interface OpenOptions {
  readonly edge?: string;
  readonly key?: string;
  readonly credential?: string;
  readonly gateway?: string;
  readonly task?: string;
  readonly requesterToken?: string;
  readonly ticket?: string;
  readonly json?: true;
}

export function sessions(command: Command): void {
  withEdgeOptions(command)
    .description("Lists sessions, the newest first; `sessions open` starts one.")
    .option("--agent <name>", "only this agent's")
    .option("--usual", "what is usual for each agent instead: calls of each action, this hour and usually")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy sessions --agent billing_bot")
    .helpCommand(false)
    .enablePositionalOptions()
    .action(list);
  command
    .command("open")
    .argument("<agent>", "who opens it")
    .summary("open a session and print its token")
    .description("Opens a session with the agent's key and prints the session token, which lives 15 minutes.")
    .option("--edge <url>", "address of the edge (AGENTPOLICY_EDGE; else the one `agentpolicy dev` runs)")
    .option("--key <file>", "the agent's private key (default: .agentpolicy/keys/AGENT.jwk)")
    .option("--credential <token>", "its identity provider's token instead of a key, or @FILE to read it from a file")
    .option("--gateway <name>", "open it as this gateway; key or credential are then the gateway's")
    .option("--task <text>", "what the session is for")
    .option("--requester-token <token>", "token of the person it is opened for, or @FILE")
    .option("--ticket <ticket>", "opens it below the session that asked for the ticket, instead of by itself")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  TOKEN=$(agentpolicy sessions open billing_bot)")
    .action(open);
  requesterTokenCommand(command.command("requester-token"));
}

async function list(options: ListOptions): Promise<void> {
  const person = await personAt(options, "auditor");
  if (options.usual) return listUsual(await person.usual(options.agent), options);
  const found = await person.sessions(options.agent);
  if (options.json) return printJson({ sessions: found });
  if (found.length === 0) return note("no sessions");
  for (const one of found) {
    const end = one.ended_at === null ? one.status : `ended ${one.ended_at}`;
    printBeside(`${inert(one.id)}  ${inert(one.agent)}`, `${one.opened_at}  ${end}`);
  }
}

/** The list can't know whether nothing was done, or nothing was told of it. */
const NOTHING_TOLD = "no session has told of its calls yet: they do every ten minutes, and when they are closed";

function listUsual(found: readonly UsualSummary[], { json }: ListOptions): void {
  if (json) return printJson({ usual: found });
  if (found.every(({ actions }) => actions.length === 0)) return noteText(NOTHING_TOLD);
  for (const { agent, since, learned, actions } of found) {
    printBeside(inert(agent), `watched since ${since}${learned ? "" : ", too short to know what is usual"}`);
    for (const { action, this_hour, usual, last_used_at } of actions) {
      const known = usual === null ? "" : `, usually ${usual}`;
      printBeside(`  ${inert(action)}`, `${this_hour} this hour${known}, last ${last_used_at}`);
    }
  }
}

async function open(agent: string, options: OpenOptions): Promise<void> {
  const { url } = await edgeAddress(options);
  const file = options.key ?? join(OWN_FOLDER, "keys", `${options.gateway ?? agent}.jwk`);
  const proof = await proofOf(file, options);
  const requesterToken = await tokenValue(options.requesterToken);
  const session = await openWith(
    file,
    { edge: url, agent, ...proof, ...(options.gateway === undefined ? {} : { gateway: options.gateway }) },
    {
      ...(options.task === undefined ? {} : { task: options.task }),
      ...(requesterToken === undefined ? {} : { requesterToken }),
      ...(options.ticket === undefined ? {} : { ticket: options.ticket }),
      client: "agentpolicy sessions open",
    },
  );
  const token = await session.token();
  if (options.json) return printJson({ session: session.id, agent, expires_at: session.expiresAt, token });
  noteText(`session ${session.id} of ${agent}, until ${session.expiresAt}`);
  print(token);
}

/** The key, unless a credential is given. */
async function proofOf(file: string, { key, credential }: OpenOptions): Promise<CredentialOptions> {
  const token = await tokenValue(credential);
  if (token === undefined) return { key: await readKeyFile(file) };
  if (key !== undefined) throw usage("`--key` and `--credential` are two ways to prove the same", "give one of them");
  return { credential: () => token };
}

/** @param file where the key came from: its text must not appear in a message */
async function openWith(file: string, connection: ConnectOptions, options: SessionOptions): Promise<Session> {
  try {
    return await connect(connection).open(options);
  } catch (error) {
    if (error instanceof AgentPolicyError) throw refused(error, { ...connection, ...options });
    if (!(error instanceof InvalidKey)) throw error;
    throw environment(
      `\`${file}\` holds no private key of an agent`,
      "give the file that `agentpolicy keys new` wrote",
    );
  }
}

function refused(error: AgentPolicyError, opening: Opening): Error {
  const help = helpForOpening(error, opening);
  return help === undefined ? error : new Failure(exitCodeOfClientError(error), inert(error.message), help);
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw pathFailure(`the key \`${file}\``, error, "name the agent's private key with `--key`");
  }
}

async function tokenValue(given: string | undefined): Promise<string | undefined> {
  return given?.startsWith("@") ? readToken(given.slice(1)) : given;
}
