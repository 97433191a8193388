/** What a question's session knows, as `explain --session` takes it. */
import type { JsonObject, JsonValue, Request, Table } from "../../../engine/index.ts";
import { canonicalJson, checkArgs, durationText } from "../../../engine/index.ts";
import { defaultEnvironment } from "../../test-runner/run-tests.ts";
import type { Question } from "../space/question.ts";

export interface StatedWitness {
  /** Always with `at`; else only what isn't as usual. */
  readonly session: JsonObject;
  /** Is that all of it? An earlier call may lack its arguments, a label that it starts with may be cleared. */
  readonly whole: boolean;
}

type DidKey = [action: string, same: string[], within: number | null];

export function statedSession(table: Table, question: Question): StatedWitness {
  const { request, state, history } = question;
  const { requester, environment, ip, country, confidence, session } = request;
  const did = history.did.map((key) => pastCall(table, question, key));
  const { callers = [] } = request;
  const chain = [...callers, request.agent];
  const starts = table.body.agents.flatMap((one) => (chain.includes(one.name) ? one.starts_with : []));
  const labels = [...state.labels].filter((label) => !starts.includes(label));
  const past = did.map(({ call }) => call);
  return {
    whole: did.every(({ whole }) => whole) && starts.every((label) => state.labels.has(label)) && session === "s-1",
    session: {
      at: new Date(request.at).toISOString().replace(".000Z", "Z"),
      ...(history.age === 0 ? {} : { age: durationText(history.age) }),
      ...(labels.length === 0 ? {} : { labels }),
      ...(callers.length === 0 ? {} : { callers: [...callers] }),
      ...(history.calls === did.length ? {} : { calls: history.calls }),
      ...(past.length === 0 ? {} : { did: past }),
      ...(state.roles.size === 0 ? {} : { roles: [...state.roles] }),
      ...liveOf(question),
      ...(state.task === undefined ? {} : { task: state.task }),
      ...(requester === undefined ? {} : { requester: requester.id }),
      ...(requester === undefined || Object.keys(requester.claims).length === 0 ? {} : { claims: requester.claims }),
      ...(environment === defaultEnvironment(table) ? {} : { environment }),
      ...(ip === undefined ? {} : { ip }),
      ...(country === undefined ? {} : { country }),
      ...(confidence === undefined ? {} : { confidence }),
    },
  };
}

function liveOf({ readable, said }: Question): JsonObject {
  if (readable.length === 0) return {};
  const members = readable.map((set): [string, JsonValue] => {
    const texts = said.filter(({ by }) => by === `live ${set}`).map(({ text }) => text);
    return [set, [...new Set(texts)]];
  });
  return { live: Object.fromEntries(members) };
}

/** An earlier call that makes the test of it true; not whole where it makes others true as well, or can't be sent. */
function pastCall(
  table: Table,
  { request, history }: Question,
  key: string,
): { readonly call: JsonObject; readonly whole: boolean } {
  const [name, same, within] = JSON.parse(key) as DidKey;
  const ago = within === null ? history.age : 0;
  const action = table.body.actions.find((one) => one.name === name);
  const args = argsOf(request, name, same);
  const when = ago === 0 ? {} : { ago: durationText(ago) };
  const alone =
    action !== undefined && !history.didnt.some((other) => isDone(other, { name, args, ago }, request.args));
  if (same.length === 0) return { call: { action: name, ...when }, whole: alone };
  return { call: { action: name, args, ...when }, whole: alone && checkArgs(action, args).length === 0 };
}

function argsOf(request: Request, name: string, same: readonly string[]): JsonObject {
  if (same.length === 0) return {};
  return name === request.action ? request.args : picked(request.args, same);
}

interface PastCall {
  readonly name: string;
  readonly args: JsonObject;
  /** Milliseconds. */
  readonly ago: number;
}

/** Does the call make this test true for a request with these arguments? */
function isDone(key: string, { name, args, ago }: PastCall, now: JsonObject): boolean {
  const [action, same, within] = JSON.parse(key) as DidKey;
  if (action !== name || (within !== null && ago > within)) return false;
  return same.every((one) => canonicalJson(args[one] ?? null) === canonicalJson(now[one] ?? null));
}

function picked(args: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name)));
}
