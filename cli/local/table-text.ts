/** What starting an edge needs to know of a table's text. Whether it is sound is for the Worker to say. */
import { createHash } from "node:crypto";
import type { Table, TableBody } from "../../engine/index.ts";
import { parse } from "./edge-keys.ts";

/** What tells one policy from another: the table's own hash, else that of its text. */
export function hashOf(text: string): string {
  const table = parse(text) as Partial<Table> | null;
  return typeof table?.hash === "string" ? table.hash : `text:${createHash("sha256").update(text).digest("hex")}`;
}

/** Null where the text is no table. */
export function readBody(text: string): TableBody | null {
  const table = parse(text) as Partial<Table> | null;
  const body = table?.body;
  return Array.isArray(body?.groups) && Array.isArray(body.approvals) && Array.isArray(body.agents) ? body : null;
}
