/** Reads what `wrangler secret list --format json` prints: names, since secrets can't be read back. */
import { Failure } from "../failure.ts";

export function secretNames(output: string): readonly string[] {
  const list: unknown = JSON.parse(output.slice(output.indexOf("[")));
  if (!Array.isArray(list)) throw new Failure(3, "wrangler's list of secrets can't be read");
  return list.map((one: unknown) => (typeof one === "object" && one !== null && "name" in one ? String(one.name) : ""));
}
