/** Files that an edge keeps in its directory. Their readers say what is wrong with one as a whole. */
import { readFile } from "node:fs/promises";
import { environment, fileProblem } from "../failure.ts";

/** Null when there is none. @throws Failure when it can't be read. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw environment(`\`${path}\` ${fileProblem(error)}`);
  }
}

/** Null for what isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
