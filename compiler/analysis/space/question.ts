/** From cases to a request and a state, as the engine takes them. */
import type { JsonObject, JsonValue, Request, State } from "../../../engine/index.ts";
import { sha256Hex } from "../../hash.ts";
import { type Case, didKey, type History } from "./facet.ts";
import type { Said } from "./value.ts";

/** What holds where no case says otherwise. */
export interface Ground {
  readonly agent: string;
  readonly action: string;
  /** Names of its parameters, in the order in which requests are written. */
  readonly params: readonly string[];
  readonly environment: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Can a session know a task that no requester stands behind? */
  readonly taskByClient: boolean;
  /** Labels that every session of the agent has, since nothing clears them. */
  readonly labels: readonly string[];
  /** Other names of roles: whoever gains one has both. */
  readonly roleNames?: ReadonlyMap<string, string>;
}

export interface Question {
  readonly request: Request;
  readonly state: State;
  readonly history: History;
  /** Every text that somebody spoke of. */
  readonly said: readonly Said[];
  /** Live sets that can be read. */
  readonly readable: readonly string[];
}

const FRESH: History = { calls: 0, age: 0, did: [], didnt: [] };

export function questionOf(ground: Ground, cases: readonly Case[]): Question {
  const request = requestOf(ground, cases);
  const history = cases.find((one) => one.history !== undefined)?.history ?? FRESH;
  const said = cases.flatMap((one) => one.said ?? []);
  const readable = cases.flatMap((one) => one.readable ?? []);
  return { request, history, said, readable, state: stateOf(request, ground, cases, history, said) };
}

function requestOf({ agent, action, params, environment, at }: Ground, cases: readonly Case[]): Request {
  const args: { [name: string]: JsonValue } = {};
  const values = new Map(cases.flatMap(({ arg }) => (arg === undefined ? [] : [[arg.name, arg.value] as const])));
  for (const name of params) {
    const value = values.get(name);
    if (value !== undefined) args[name] = value;
  }
  const stated = cases.map((one) => one.request ?? {});
  const base: Request = {
    agent,
    action,
    session: "s-1",
    environment,
    args: args satisfies JsonObject,
    at,
    sha256: sha256Hex,
  };
  return Object.assign({}, base, ...stated) as Request;
}

function stateOf(
  { at: now, requester }: Request,
  { roleNames, taskByClient, labels }: Ground,
  cases: readonly Case[],
  { calls, age, did }: History,
  said: readonly Said[],
): State {
  const done = new Set(did);
  const readable = new Set(cases.flatMap((one) => one.readable ?? []));
  const vouched = taskByClient || requester !== undefined;
  const task = vouched && cases.some((one) => one.task === true) ? taskOf(said) : undefined;
  return {
    now,
    opened_at: now - age,
    calls,
    labels: new Set([...labels, ...cases.flatMap((one) => one.label ?? [])]),
    roles: new Set(cases.flatMap(({ role }) => (role === undefined ? [] : [role, roleNames?.get(role) ?? role]))),
    ...(task === undefined ? {} : { task }),
    did: (action, same, within) => done.has(didKey({ action, same: namesIn(same), within })),
    live: (set, value) =>
      readable.has(set) ? said.some(({ by, text }) => by === `live ${set}` && text === value) : null,
    used: () => ({ used: 0n, admits_at: null }),
    approved: () => false,
  };
}

function namesIn(same: string | null): readonly string[] {
  return same === null ? [] : Object.keys(JSON.parse(same) as JsonObject);
}

/** Each text on a line of its own, so that each is a token. */
function taskOf(said: readonly Said[]): string {
  const texts = said.filter(({ by }) => by === "task").map(({ text }) => text);
  return ["Please help.", ...new Set(texts)].join("\n");
}
