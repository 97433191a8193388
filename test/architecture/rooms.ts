/** What stands under a folder of the product, and which of it imports which. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Rooms that are rooms of rooms: what is below them counts by itself. */
const HOUSES = ["compiler/analysis"];

/** Two that are one: a name may be of a type, and a type may be a name that was declared. */
const TOGETHER: { readonly [room: string]: string } = { "compiler/type": "compiler/resolve" };

/** Each room of a folder, with the rooms it imports; files that stand in no room belong to all, and faces to none. */
export function roomsOf(folder: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const rooms = new Map<string, Map<string, string>>();
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    const room = roomOf(path);
    if (room === null || !name.endsWith(".ts")) continue;
    const imports = rooms.get(room) ?? new Map<string, string>();
    rooms.set(room, imports);
    for (const target of importsOf(path)) {
      const other = roomOf(target);
      if (other !== null && other !== room && target.startsWith(folder))
        imports.set(other, `${path} imports ${target}`);
    }
  }
  return rooms;
}

function roomOf(path: string): string | null {
  const parts = path.split(sep);
  const house = HOUSES.find((name) => path.startsWith(`${name}/`));
  const depth = house === undefined ? 2 : house.split("/").length + 1;
  if (parts.length <= depth) return null;
  const room = parts.slice(0, depth).join("/");
  return TOGETHER[room] ?? room;
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+)"/gms)].map((found) => found[1] ?? "");
  return specifiers.map((specifier) => relative(root, resolve(root, dirname(path), specifier)));
}

/** The imports that lead from a room back to it, or null. */
export function cycleIn(rooms: ReadonlyMap<string, ReadonlyMap<string, string>>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (room: string, path: readonly string[], why: readonly string[]): readonly string[] | null => {
    const begins = path.indexOf(room);
    if (begins >= 0) return why.slice(begins);
    if (done.has(room)) return null;
    for (const [other, reason] of rooms.get(room) ?? []) {
      const found = visit(other, [...path, room], [...why, reason]);
      if (found !== null) return found;
    }
    done.add(room);
    return null;
  };
  for (const room of rooms.keys()) {
    const found = visit(room, [], []);
    if (found !== null) return found;
  }
  return null;
}
