/** The tool catalogues of one source as actions, and the `server` line that pins one of them. */
import {
  type Catalogue,
  catalogues,
  importCatalogue,
  type ImportedActions,
  type ImportedServer,
  plainName,
  readCatalogue,
  sha256Hex,
} from "../../compiler/index.ts";
import type { JsonValue } from "../../engine/index.ts";
import { environment, usage } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { readText } from "../read-sources.ts";
import { statIfThere } from "../stat-if-there.ts";
import { writeWhole } from "../write-file.ts";
import { fetchTools, serverUrl } from "./fetch-tools.ts";
import type { McpOptions } from "./import-options.ts";
import { readHeaders } from "./read-headers.ts";
import { type Input, readInput, readOrFail } from "./read-input.ts";
import { basename, dirname, relative, sep } from "node:path";

interface Read extends Input {
  readonly catalogues: readonly Catalogue[];
  /** Where the text stands; null where it was fetched or piped in. */
  readonly file: string | null;
  /** Null where the source is no server. */
  readonly url: string | null;
}

export async function importedServers(source: string, options: McpOptions): Promise<readonly ImportedActions[]> {
  const read = await readSource(source, options);
  const chosen = choose(read.catalogues, options.only);
  const [only, second] = chosen;
  if (second !== undefined && (options.server !== undefined || options.prefix !== undefined)) {
    throw usage("the file holds several servers, which can't have one name", "choose one with `--only NAME`");
  }
  if (only === undefined) throw usage(`${read.name} holds no server`);
  const server = options.server === undefined ? null : await pinnedServer(read, options);
  return chosen.map((catalogue) => {
    const prefix = options.server ?? options.prefix ?? prefixOf(catalogue, read);
    return { prefix, source: read.name, actions: importCatalogue(catalogue, prefix), server };
  });
}

async function readSource(source: string, options: McpOptions): Promise<Read> {
  const url = serverUrl(source);
  if (url === null) {
    const input = await readInput(source);
    const found = readOrFail(readCatalogue(input.text), input);
    return { ...input, catalogues: found, file: source === "-" ? null : source, url: null };
  }
  const { server, tools } = await fetchTools(url, await readHeaders(options.header ?? []));
  const value = { ...(server === null ? {} : { server }), tools };
  const input = { name: url.href, text: `${JSON.stringify(value, null, 2)}\n` };
  const found = catalogues(value as unknown as JsonValue);
  if (!found.ok) throw environment(`the server's list of tools ${found.problem}`);
  return { ...input, catalogues: found.value, file: null, url: url.href };
}

function choose(all: readonly Catalogue[], only: string | undefined): readonly Catalogue[] {
  if (only === undefined) return all;
  const chosen = all.filter(({ server }) => server === only);
  if (chosen.length > 0) return chosen;
  throw usage(
    `there is no server \`${only}\` in it`,
    nearest(
      only,
      all.flatMap(({ server }) => server ?? []),
    ),
  );
}

/** The server's own name, else the file's: `crm.tools.json` is `crm`. */
function prefixOf({ server }: Catalogue, { file }: Read): string {
  const named = server ?? (file === null ? "" : basename(file).replace(/(?:[.-]tools)?\.json$/i, ""));
  const prefix = plainName(named);
  if (prefix !== null) return prefix;
  throw usage("nothing names the server", "give `--prefix NAME`, the first part of the actions' names");
}

/** Saves a catalogue that stands nowhere yet: the `server` line is about a file. */
async function pinnedServer(read: Read, { server, url, tools, only, out, check }: McpOptions): Promise<ImportedServer> {
  if (server !== undefined && plainName(server) !== server) {
    throw usage(`\`${server}\` can't name a server`, "use letters, digits, `_` and `-`");
  }
  const address = url ?? read.url;
  if (address === null && !(await namesServer(out, server ?? ""))) {
    throw usage("a `server` line needs the server's address", "give `--url URL`");
  }
  const file = tools ?? read.file;
  if (file === null) throw usage("a `server` line needs a file to stand for what was reviewed", "give `--tools FILE`");
  const before = await catalogueBefore(file, server ?? "", only);
  if (file !== read.file && !check) await writeWhole(file, read.text);
  const from = out === undefined ? process.cwd() : dirname(out);
  const path = relative(from, file).split(sep).join("/");
  return { url: address, tools: path, sha256: sha256Hex(read.text), before };
}

/** What was reviewed, as long as its file still stands where the new catalogue goes. */
async function catalogueBefore(
  file: string,
  server: string,
  only: string | undefined,
): Promise<ImportedServer["before"]> {
  const found = await statIfThere(file);
  if (found === null) return null;
  const text = await readText(file);
  const read = readCatalogue(text);
  if (!read.ok) return null;
  const catalogue = read.value.find((one) => only === undefined || one.server === only);
  if (catalogue === undefined) return null;
  return { sha256: sha256Hex(text), actions: importCatalogue(catalogue, server) };
}

/** Whether the file has the line already, with an address that stays. */
async function namesServer(out: string | undefined, server: string): Promise<boolean> {
  const found = out === undefined ? null : await statIfThere(out);
  if (out === undefined || found === null) return false;
  return new RegExp(`^\\s*server\\s+${server}\\s`, "m").test(await readText(out));
}
