/** `.agentpolicy/`: keys, tokens and state of the dev edge, and deploy's output. Never for the repository. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { environment, fileProblem } from "./failure.ts";

export const OWN_FOLDER = ".agentpolicy";

/** Makes the folder, for this user only and with a `.gitignore` of its own, and gives its absolute path. */
export async function ownFolder(folder: string = OWN_FOLDER): Promise<string> {
  const path = resolve(folder);
  try {
    // The folders above are the user's own, and are made as any other.
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Git skips a folder that ignores everything in itself; a key can then not be committed by accident.
    await writeFile(join(path, ".gitignore"), "*\n");
  } catch (error) {
    throw environment(`\`${folder}\` can't be made: it ${fileProblem(error)}`);
  }
  return path;
}
