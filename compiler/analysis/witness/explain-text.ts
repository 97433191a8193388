/** A question as arguments of `agentpolicy explain`. */
import type { JsonObject, JsonValue, Table } from "../../../engine/index.ts";
import { checkArgs } from "../../../engine/index.ts";
import type { Question } from "../space/question.ts";
import { defaultEnvironment } from "../../test-runner/run-tests.ts";
import { durationText } from "../../terminal/duration-text.ts";

/** `--agent a --action x --args '…' --session '…'`; null where a session can't be stated so. */
export function explainArguments(table: Table, question: Question): string | null {
  const { request } = question;
  const session = sessionOf(table, question);
  if (session === null) return null;
  const args = Object.keys(request.args).length === 0 ? "" : ` --args ${shellQuoted(request.args)}`;
  return `--agent ${request.agent} --action ${shellWord(request.action)}${args} --session ${shellQuoted(session)}`;
}

/** A text in single quotes, as shells take it. */
function shellQuoted(value: JsonValue): string {
  return `'${JSON.stringify(value).replaceAll("'", `'\\''`)}'`;
}

function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function sessionOf(table: Table, question: Question): JsonObject | null {
  const { request, state, history, readable } = question;
  const { requester, environment, ip, country, confidence } = request;
  const did = history.did.map((key) => pastCall(table, question, key));
  const starts = table.body.agents.find(({ name }) => name === request.agent)?.starts_with ?? [];
  const labels = [...state.labels].filter((label) => !starts.includes(label));
  if (did.includes(null) || state.roles.size + readable.length > 0 || starts.some((label) => !state.labels.has(label)))
    return null;
  return {
    at: new Date(request.at).toISOString(),
    ...(history.age === 0 ? {} : { age: durationText(history.age) }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(history.calls === did.length ? {} : { calls: history.calls }),
    ...(did.length === 0 ? {} : { did }),
    ...(state.task === undefined ? {} : { task: state.task }),
    ...(requester === undefined ? {} : { requester: requester.id }),
    ...(requester === undefined || Object.keys(requester.claims).length === 0 ? {} : { claims: requester.claims }),
    ...(environment === defaultEnvironment(table) ? {} : { environment }),
    ...(ip === undefined ? {} : { ip }),
    ...(country === undefined ? {} : { country }),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** An earlier call that makes the test of it true; null where its arguments aren't known. */
function pastCall(table: Table, { request, history }: Question, key: string): JsonValue {
  const [name, same, within] = JSON.parse(key) as [string, string[], number | null];
  const ago = within === null ? history.age : 0;
  const action = table.body.actions.find((one) => one.name === name);
  if (action === undefined) return null;
  const args = name === request.action ? request.args : picked(request.args, same);
  const when = ago === 0 ? {} : { ago: durationText(ago) };
  if (same.length === 0) return { action: name, ...when };
  return checkArgs(action, args).length > 0 ? null : { action: name, args, ...when };
}

function picked(args: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name)));
}
