/**
 * The Worker as one module. In a clone it is bundled from the sources; the published package brings it ready-made.
 * The table stays outside, as the module `./table.txt`, so that the bundle is the same for every policy.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import { environment } from "../failure.ts";

/** Name of the module that holds the table, as the bundle imports it. */
export const TABLE_MODULE = "table.txt";
/** What the Worker needs of the runtime (`compatibility_date`, `compatibility_flags`). */
export const COMPATIBILITY = { date: "2026-10-01", flags: ["nodejs_compat"] } as const;

/** Two folders up from here is the clone, or `dist` of the package. */
const ROOT = resolve(import.meta.dirname, "../..");
const SOURCE = join(ROOT, "edge/worker.ts");
/** Where the package's build puts it. */
export const PREBUILT = "edge/worker.bundle.js";

export interface WorkerBundle {
  readonly code: string;
  /** Every source that went in, relative to the clone; empty for the ready-made one. */
  readonly inputs: readonly string[];
}

let kept: Promise<WorkerBundle> | null = null;

/** @throws Failure when there is neither a source nor a ready-made Worker. */
export function bundleWorker(): Promise<WorkerBundle> {
  kept ??= existsSync(SOURCE) ? bundleSources() : readPrebuilt();
  return kept;
}

/** @param entry instead of the Worker's own: for benches of one with faults */
export async function bundleSources(entry: BuildOptions = { entryPoints: [SOURCE] }): Promise<WorkerBundle> {
  // Only a clone has it, so it is loaded only there.
  const { build } = await import("esbuild");
  const result = await build({
    ...entry,
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["agentpolicy-source", "workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    external: ["node:*", "cloudflare:*", `./${TABLE_MODULE}`],
    minifySyntax: true,
    minifyWhitespace: true,
    // A fifth of the size. The log says where something was thrown by the place in this very bundle, which is the same
    // whenever it is built from the same sources; errors have names of their own.
    minifyIdentifiers: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  return { code: result.outputFiles[0]?.text ?? "", inputs: Object.keys(result.metafile.inputs) };
}

async function readPrebuilt(): Promise<WorkerBundle> {
  const path = join(ROOT, PREBUILT);
  if (!existsSync(path)) throw environment("this installation lacks the Worker", "install the package again");
  return { code: await readFile(path, "utf8"), inputs: [] };
}
