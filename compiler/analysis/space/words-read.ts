/** Sets, groups and schedules by name, with what they hold: all outside of a condition that its meaning rests on. */
import type { Table } from "../../../engine/index.ts";
import { factsRead } from "../../facts-read.ts";
import { sha256Hex } from "../../hash.ts";

type Kind = "set" | "group" | "schedule";

/** Equal texts where all that these parts of rules and actions name is the same in both tables. */
export function wordsRead(table: Table, parts: readonly (object | null)[]): string {
  const names = new Set(parts.flatMap((part) => (part === null ? [] : [...namesIn(part)])));
  const held = contentsOf(table);
  return [...names]
    .toSorted()
    .map((name) => `${name} ${held.get(name) ?? ""}`)
    .join();
}

const read = new WeakMap<object, ReadonlySet<string>>();

/** `set domains`; `groups` where it reads in which ones somebody is. */
function namesIn(part: object): ReadonlySet<string> {
  const known = read.get(part);
  if (known !== undefined) return known;
  const found = new Set<string>();
  collect(part, found);
  if (factsRead(part).has("requester.groups")) found.add(GROUPS);
  read.set(part, found);
  return found;
}

const GROUPS = "groups";

function collect(part: unknown, found: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if ("op" in part) {
    if (part.op === "in_set" && "set" in part) found.add(`set ${String(part.set)}`);
    if (part.op === "in_group" && "group" in part) found.add(`group ${String(part.group)}`);
    if (part.op === "during" && "schedule" in part) found.add(`schedule ${String(part.schedule)}`);
  }
  for (const inner of Object.values(part)) collect(inner, found);
}

const contents = new WeakMap<Table, ReadonlyMap<string, string>>();

function contentsOf(table: Table): ReadonlyMap<string, string> {
  const known = contents.get(table);
  if (known !== undefined) return known;
  const { sets, groups, schedules } = table.body;
  const held = (kind: Kind, rows: readonly { readonly name: string }[]): readonly (readonly [string, string])[] =>
    rows.map((row) => [`${kind} ${row.name}`, sha256Hex(JSON.stringify(row))]);
  const found = new Map([
    ...held("set", sets),
    ...held("group", groups),
    ...held("schedule", schedules),
    [GROUPS, sha256Hex(JSON.stringify(groups))] as const,
  ]);
  contents.set(table, found);
  return found;
}
