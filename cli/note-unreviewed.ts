/** How many imported actions still wait for somebody to look at them. */
import type { Table } from "../engine/index.ts";
import { noteText } from "./terminal.ts";

export function noteUnreviewed({ body }: Table): void {
  const gates = body.actions.flatMap(({ name, classes }) => {
    const gate = `${name.split(".")[0] ?? ""}_unreviewed`;
    return classes.some((one) => one.name === gate) ? [gate] : [];
  });
  if (gates.length === 0) return;
  const names = [...new Set(gates)].map((gate) => `\`${gate}\``).join(", ");
  const count = gates.length === 1 ? "1 action is unreviewed" : `${gates.length} actions are unreviewed`;
  noteText(`${count}, and denied until ${names} is removed from ${gates.length === 1 ? "it" : "them"}`);
}
