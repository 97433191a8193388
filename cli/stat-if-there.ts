/** What stands at a path; null only where nothing does: what can't be looked at may well be there. */
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { environment, fileProblem } from "./failure.ts";

/** Throws a `Failure`. */
export async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw environment(`\`${path}\` ${fileProblem(error)}`);
  }
}
