/** `.agentpolicy/`: keys, tokens and state of the dev edge, and deploy's output. Never for the repository. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { environment, fileProblem } from "./failure.ts";

/** The folder below `directory`, made with a `.gitignore` of its own; relative where that is shorter to read. */
export async function ownFolder(directory: string): Promise<string> {
  const folder = join(directory, ".agentpolicy");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Git skips a folder that ignores everything in itself; a key can then not be committed by accident.
    await writeFile(join(folder, ".gitignore"), "*\n");
  } catch (error) {
    throw environment(`\`${folder}\` can't be made: it ${fileProblem(error)}`);
  }
  return relative(process.cwd(), folder);
}
