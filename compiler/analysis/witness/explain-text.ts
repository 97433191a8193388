/** A question as arguments of `agentpolicy explain`. */
import type { JsonValue, Table } from "../../../engine/index.ts";
import type { Question } from "../space/question.ts";
import { statedSession } from "./stated-session.ts";

/** `--agent a --action x --args '…' --session '…'`; null where a session can't be stated so. */
export function explainArguments(table: Table, question: Question): string | null {
  const { request } = question;
  const { session, whole } = statedSession(table, question);
  if (!whole) return null;
  const args = Object.keys(request.args).length === 0 ? "" : ` --args ${shellQuoted(request.args)}`;
  return `--agent ${request.agent} --action ${shellWord(request.action)}${args} --session ${shellQuoted(session)}`;
}

/** A text in single quotes, as shells take it. */
function shellQuoted(value: JsonValue): string {
  return `'${JSON.stringify(value).replaceAll("'", `'\\''`)}'`;
}

/** A name or a path, quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[\w./][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
