/** What starting an edge needs to know of a table's text. Whether it is sound is for the Worker to say. */
import { createHash } from "node:crypto";
import { readTable } from "../../engine/index.ts";
import type { TableBody } from "../../engine/index.ts";
import { parseJson } from "./read-state.ts";

/** What tells one policy from another: the table's own hash, else that of its text. */
export function hashOf(text: string): string {
  const table = parseJson(text);
  if (isObject(table) && "hash" in table && typeof table.hash === "string") return table.hash;
  return `text:${createHash("sha256").update(text).digest("hex")}`;
}

/** Null where the text is no sound table: then there is nobody to make tokens for. */
export function readBody(text: string): TableBody | null {
  const read = readTable(parseJson(text), (value) => createHash("sha256").update(value).digest("hex"));
  return read.ok ? read.table.body : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
