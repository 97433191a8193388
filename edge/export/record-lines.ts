/** Records as JSON lines, letter by letter as `audit pull` writes them: what was exported can be verified offline. */
import type { Outgoing } from "./outgoing.ts";

export function recordLine({ text, args }: Outgoing): string {
  return `{"args":${args === null ? "null" : JSON.stringify(args)},"record":${text}}`;
}
