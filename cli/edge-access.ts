/** Which edge a command talks to, and as whom: options first, then the environment, then the dev edge of this folder. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { connectPerson, edgeOrigin } from "../sdk/index.ts";
import type { Person } from "../sdk/index.ts";
import { environment, fileProblem, pathFailure, usage } from "./failure.ts";
import { inert } from "./inert.ts";

export interface EdgeOptions {
  readonly edge?: string;
  readonly token?: string;
  readonly as?: string;
}

/** What a person may be at the dev edge; each has a token of its own there. */
export type Hat = "operator" | "approver" | "auditor" | "editor";

export function withEdgeOptions(command: Command): Command {
  return command
    .option("--edge <url>", "address of the edge (AGENTPOLICY_EDGE; else the one `agentpolicy dev` runs)")
    .option("--token <token>", "your token (AGENTPOLICY_TOKEN; else the dev edge's), or @FILE to read it from a file")
    .option("--as <email>", "at the dev edge: act as this person of the policy");
}

/** A person at an edge, and as whom the token speaks: without options that is the dev edge's choice, not the user's. */
export interface ActingPerson extends Person {
  /** ` as you@example.com`, to stand behind what was done; empty where the token doesn't say. */
  readonly as: string;
  /** Did the dev edge choose the person? Then `--as` takes another one. */
  readonly chosen: boolean;
}

export async function personAt(options: EdgeOptions, hat: Hat): Promise<ActingPerson> {
  const edge = await edgeAddress(options);
  const token = await tokenFor(options, edge, hat);
  const chosen = options.as === undefined && givenToken(options) === null;
  return { ...connectPerson({ edge: edge.url, token }), as: actingAs(token), chosen };
}

/** Only shown, never relied upon: who a token is for is for the edge to verify. */
function actingAs(token: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    if (typeof claims !== "object" || claims === null) return "";
    const name = "email" in claims ? claims.email : "sub" in claims ? claims.sub : null;
    return typeof name === "string" && name !== "" ? ` as ${inert(name)}` : "";
  } catch (error) {
    // Not every provider's token is a JWT.
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}

export interface EdgeAddress {
  readonly url: string;
  /** The `.agentpolicy` folder of the dev edge it was found in; null when the address was given. */
  readonly folder: string | null;
}

export async function edgeAddress(options: EdgeOptions): Promise<EdgeAddress> {
  const given = options.edge ?? process.env["AGENTPOLICY_EDGE"];
  if (given) return { url: checked(given), folder: null };
  const folder = await devFolder();
  if (folder === null) {
    throw usage(
      "no edge is named, and no `agentpolicy dev` runs in this folder or above",
      "start one with `agentpolicy dev`, or give its address with `--edge` or AGENTPOLICY_EDGE",
    );
  }
  return { url: (await readFile(join(folder, "edge"), "utf8")).trim(), folder };
}

function checked(address: string): string {
  try {
    return edgeOrigin(address);
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message) : error;
  }
}

/** The `.agentpolicy` of this folder or the nearest above that a dev edge has written its address into. */
async function devFolder(): Promise<string | null> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, ".agentpolicy");
    try {
      await readFile(join(candidate, "edge"), "utf8");
      return candidate;
    } catch (error) {
      const missing =
        error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
      if (!missing) throw environment(`\`${candidate}\` ${fileProblem(error)}`);
    }
    if (dirname(folder) === folder) return null;
  }
}

async function tokenFor(options: EdgeOptions, edge: EdgeAddress, hat: Hat): Promise<string> {
  if (options.as !== undefined) return tokenAs(options.as, edge);
  const given = givenToken(options);
  if (given !== null) return tokenText(given);
  if (edge.folder === null) {
    throw usage(
      `no token is given, and ${edge.url} must know who asks`,
      "give the one that your identity provider gave you with `--token` or AGENTPOLICY_TOKEN",
    );
  }
  return readToken(join(edge.folder, "tokens", hat));
}

function givenToken(options: EdgeOptions): string | null {
  return options.token || process.env["AGENTPOLICY_TOKEN"] || null;
}

async function tokenAs(email: string, edge: EdgeAddress): Promise<string> {
  if (edge.folder === null)
    throw usage("`--as` works at the dev edge only", "elsewhere give your token with `--token`");
  const folder = join(edge.folder, "tokens", "people");
  const known = await peopleIn(folder);
  if (!known.includes(email)) {
    // It brings the compiler along, which no command of people needs otherwise.
    const { nearest } = await import("./nearest.ts");
    throw usage(`the dev edge knows no \`${email}\``, nearest(email, known));
  }
  return readToken(join(folder, email));
}

/** A token as given on the command line: itself, or `@FILE`. */
export async function tokenText(given: string): Promise<string> {
  return given.startsWith("@") ? readToken(resolve(given.slice(1))) : given;
}

/** A dev edge whose policy names nobody has no such folder; any other reason is one to be told. */
async function peopleIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw pathFailure(`\`${folder}\``, error);
  }
}

/** Throws a `Failure` for a file without a token. */
export async function readToken(path: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).trim();
  } catch (error) {
    throw pathFailure(`the token file \`${path}\``, error);
  }
  if (!/^[\x21-\x7e]+$/.test(text)) throw environment(`the file \`${path}\` doesn't hold a token`);
  return text;
}
