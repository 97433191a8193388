/** Writes changed policies back to the very files they were read from, and never over what came there since. */
import { environment } from "./failure.ts";
import { readText, type SourceFile } from "./read-sources.ts";
import { writeWhole } from "./write-file.ts";

export interface Rewrite {
  readonly source: SourceFile;
  /** What stands in its file from now on. */
  readonly text: string;
}

/** All of them or, where one of the files is another than was read, none. Throws a `Failure`. */
export async function rewriteSources(rewrites: readonly Rewrite[]): Promise<void> {
  await Promise.all(rewrites.map(({ source }) => refuseChanged(source)));
  for (const { source, text } of rewrites) {
    // The first that fails is the one to tell.
    // oxlint-disable-next-line no-await-in-loop
    await writeWhole(source.path, text);
  }
}

async function refuseChanged({ path, text }: SourceFile): Promise<void> {
  if ((await readText(path)) === text) return;
  throw environment(`\`${path}\` changed after it was read, and nothing was written`, "run the command again");
}
