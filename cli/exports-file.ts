/** Where records are to be exported to, from a file: checked here as the edge will check it, with secrets from the environment. */
import { readSinks } from "../edge/export/read-sinks.ts";
import type { ReadSinks } from "../edge/export/read-sinks.ts";
import { usage } from "./failure.ts";
import { readText } from "./read-sources.ts";
import { statIfThere } from "./stat-if-there.ts";

type Sink = Extract<ReadSinks, { readonly ok: true }>["sinks"][number];

export interface ExportsFile {
  /** What the variable `EXPORTS` holds. */
  readonly text: string;
  /** Names of the secrets that it names, sorted. */
  readonly names: readonly string[];
  /** Those of them that the environment holds. */
  readonly secrets: { readonly [name: string]: string };
  readonly sinks: readonly NamedSink[];
}

/** What may be said of a sink: neither its secrets nor its path, since in some services' addresses that is one. */
export interface NamedSink {
  readonly name: string;
  readonly kind: Sink["kind"];
  readonly host: string;
  readonly bucket: string | null;
  readonly arguments: boolean;
}

/** Stands in for a secret that only the deployed Worker has; it fits wherever one may. */
const SOMETHING = `whsec_${"A".repeat(43)}=`;

/** @param local whether the edge runs on this machine: then every secret must be here. Throws a `Failure`. */
export async function readExportsFile(file: string, local: boolean): Promise<ExportsFile> {
  if ((await statIfThere(file)) === null)
    throw usage(`\`${file}\` doesn't exist`, "see docs/export.md for what it holds");
  const written = await readText(file);
  const names = namesIn(parsed(written, file));
  const found = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []));
  const secrets = Object.fromEntries(found);
  const lacking = names.filter((name) => !(name in secrets));
  if (local && lacking.length > 0)
    throw usage(
      `\`${file}\` names ${lacking.join(", ")}, which ${lacking.length === 1 ? "isn't" : "aren't"} set`,
      "set each secret in the environment of this command",
    );
  const standIns = Object.fromEntries(lacking.map((name) => [name, SOMETHING]));
  const read = readSinks(written, { ...secrets, ...standIns }, local);
  if (!read.ok) throw usage(read.problem.replace("the variable EXPORTS", `\`${file}\``), "see docs/export.md");
  return { text: JSON.stringify(JSON.parse(written)), names, secrets, sinks: read.sinks.map(namedSink) };
}

function namedSink(sink: Sink): NamedSink {
  const isBucket = sink.kind === "s3";
  const { host } = new URL(isBucket ? sink.endpoint : sink.url);
  return { name: sink.name, kind: sink.kind, host, bucket: isBucket ? sink.bucket : null, arguments: sink.arguments };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`\`${file}\` isn't JSON`, "see docs/export.md for what it holds");
  }
}

/** Nothing else in it is written in capitals. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^[A-Z][A-Z0-9_]{0,63}$/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return [...new Set(Object.values(value).flatMap(namesIn))].toSorted();
}
