/** Private keys on this machine that belong to agents of the policy, so that calls can be shown which really work. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Table } from "../../engine/index.ts";
import { OWN_FOLDER } from "../own-folder.ts";

/** Looks into `.agentpolicy/keys` and a folder `keys` beside the policy. Agent to file, as typed from here. */
export async function agentKeys(table: Table, sources: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folders = [join(OWN_FOLDER, "keys"), ...new Set(sources.map((source) => join(dirname(source), "keys")))];
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const file of await jwkFiles(folder)) {
      const x = await publicPart(file);
      const agent = table.body.agents.find((one) =>
        one.identities.some((identity) => identity.kind === "key" && identity.public_key === x),
      );
      if (agent !== undefined && !found.has(agent.name)) found.set(agent.name, relative(process.cwd(), file));
    }
  }
  return found;
}

/** Only to show calls: a folder that isn't there, or can't be read, has no key to show them with. */
async function jwkFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".jwk")).map((name) => join(folder, name));
}

/** Null for what isn't a key: anything may lie in such a folder. */
async function publicPart(file: string): Promise<string | null> {
  try {
    const jwk: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof jwk === "object" && jwk !== null && "x" in jwk && typeof jwk.x === "string" ? jwk.x : null;
  } catch {
    return null;
  }
}
