/** What of a policy the edge can't do yet: one line each, before anything rests on it. */
import { undelivered } from "../edge/delivered.ts";
import type { Table } from "../engine/index.ts";
import { colours, noteText } from "./terminal.ts";

/** For commands that run nothing: one line, and where the rest is said. */
export function countUndelivered(table: Table): void {
  const needs = undelivered(table.body).map(({ need }) => need);
  if (needs.length === 0) return;
  const count =
    needs.length === 1 ? "1 thing this policy needs isn't" : `${needs.length} things this policy needs aren't`;
  noteText(`${count} enforced by the edge yet: ${needs.join(", ")}; \`agentpolicy dev\` says what that means`);
}

export function noteUndelivered(table: Table): void {
  const paint = colours("stderr");
  for (const { meaning } of undelivered(table.body)) noteText(`${paint.yellow("not enforced here yet:")} ${meaning}`);
}
