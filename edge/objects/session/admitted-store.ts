/**
 * What was admitted, for `session did`. Of the arguments only a MAC for each is kept: enough to tell equal from
 * different, and nothing that erasing a person's data would have to find.
 */
import { argumentsMac } from "../../records/seal-record.ts";
import { withIndex } from "./decision-store.ts";

/** By the argument's name. */
export type ArgumentMacs = { readonly [name: string]: string };

/** @param args what the engine's `canonicalArgs` gives */
export function argumentMacs(key: string, args: string): ArgumentMacs {
  const values = Object.entries(JSON.parse(args) as { readonly [name: string]: unknown });
  return Object.fromEntries(values.map(([name, value]) => [name, argumentsMac(key, JSON.stringify(value))]));
}

const BY_ACTION = "decisions (action, at) WHERE fields IS NOT NULL";

/**
 * Was the action admitted, with these arguments equal, within so long?
 * @param question `same` as in the remainder: canonical JSON of an object by argument name, or null
 */
export function wasAdmitted(
  sql: SqlStorage,
  key: string,
  question: { readonly action: string; readonly same: string | null; readonly within: number | null },
  now: number,
): boolean {
  const { action, same, within } = question;
  withIndex(sql, "decisions_admitted", BY_ACTION);
  const rows = sql
    .exec<{ fields: string }>(
      "SELECT fields FROM decisions WHERE action = ? AND at >= ? AND fields IS NOT NULL",
      action,
      within === null ? -1 : now - within,
    )
    .toArray();
  if (same === null) return rows.length > 0;
  const wanted = Object.entries(argumentMacs(key, same));
  return rows.some((row) => {
    const fields = JSON.parse(row.fields) as ArgumentMacs;
    return wanted.every(([name, mac]) => fields[name] === mac);
  });
}
