/** What of a policy the edge can't do yet: one line each, before anything rests on it. */
import { undelivered } from "../edge/delivered.ts";
import type { Table } from "../engine/index.ts";
import { colours, note } from "./terminal.ts";

export function noteUndelivered(table: Table): void {
  const paint = colours("stderr");
  for (const { meaning } of undelivered(table.body)) note(`${paint.yellow("not enforced here yet:")} ${meaning}`);
}
