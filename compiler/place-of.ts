/** Where a rule or limit of a table was written. */
import type { Table } from "../engine/index.ts";

/** 1-based; the column counts UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place of a rule or limit, by id; null where the table doesn't know it. */
export function placeOf(table: Table, id: string): Place | null {
  return placesOf(table).get(id) ?? null;
}

/** All places of rules and limits, by id. */
export function placesOf(table: Table): ReadonlyMap<string, Place> {
  const known = CACHE.get(table);
  if (known !== undefined) return known;
  const places = new Map(
    table.places.rules.map(([id, file, line, column]) => [id, { file: table.places.files[file] ?? "", line, column }]),
  );
  CACHE.set(table, places);
  return places;
}

const CACHE = new WeakMap<Table, ReadonlyMap<string, Place>>();

/** `crm.agentpolicy:12:3`, as terminals and editors make it a link. */
export function placeText(place: Place | null): string {
  return place === null ? "" : `${place.file}:${place.line}:${place.column}`;
}
