/** What the edge is called where others keep what it wrote: in checkpoints and in exports. */
import * as z from "zod/mini";
import { parseJson } from "../parse-json.ts";

const named = z.object({ origins: z.array(z.string()).check(z.minLength(1)) });

/** The first of its origins; null where it has none. @param deployment the variable `DEPLOYMENT` */
export function edgeOrigin(deployment: unknown): string | null {
  const read = named.safeParse(parseJson(deployment));
  return read.success ? (read.data.origins[0] ?? null) : null;
}

/** Of a shard of the ledger: a URL without its scheme, under the edge's own name. @throws without one, a ledger has no name */
export function logOrigin(deployment: unknown, shard: number): string {
  const origin = edgeOrigin(deployment);
  if (origin === null) throw new Error("the variable DEPLOYMENT names no origin");
  return `${new URL(origin).host}/ledger/${shard}`;
}
