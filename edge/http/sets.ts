/** Live sets: read by their editors, operators and auditors, changed by their editors, each time with a reason. */
import type { LiveSet } from "../../engine/index.ts";
import type { Person } from "../identity/people.ts";
import { switchboardOf } from "../objects/env.ts";
import type { SetView } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { setBody } from "./bodies.ts";
import { requirePerson } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** `GET /v1/sets`: those that the person may read, without their members. */
export async function listSets(c: AppContext): Promise<Response> {
  const person = await requirePerson(c);
  const readable = c.get("deployment").table.body.live_sets.filter((set) => mayRead(c, person, set));
  return c.json({
    sets: readable.map((set) => ({ name: set.name, editors: set.editors, may_edit: isEditor(person, set) })),
  });
}

/** `GET /v1/sets/{name}`, with `?history=true` the newest edits too. */
export async function showSet(c: AppContext): Promise<Response> {
  const person = await requirePerson(c);
  const set = namedSet(c, person);
  const history = c.req.query("history") === "true";
  const { sequence } = c.get("deployment");
  const view = await askObject(() => switchboardOf(c.env).readSet({ sequence, name: set.name, history }));
  return c.json(wireSet(view, history));
}

/** `PATCH /v1/sets/{name}`: heard by every session within the policy's `lease`. */
export async function editSet(c: AppContext): Promise<Response> {
  const person = await requirePerson(c);
  const set = namedSet(c, person);
  if (!isEditor(person, set))
    throw new HttpProblem("forbidden", `only the editors of \`${set.name}\` may change it: ${set.editors.join(", ")}`);
  const { add = [], remove = [], reason } = await readBody(c.req.raw, setBody);
  if (add.length + remove.length === 0) throw malformed("say what to `add` or to `remove`");
  const both = add.find((value) => remove.includes(value));
  if (both !== undefined) throw malformed("a text can't be added and removed at once", "/add");
  const { iss, sub, email, claims } = person;
  const { sequence } = c.get("deployment");
  const input = { sequence, name: set.name, add, remove, reason, by: { iss, sub, email, claims } };
  return c.json(wireSet(await askObject(() => switchboardOf(c.env).editSet(input)), false));
}

function wireSet({ name, version, members, edits }: SetView, history: boolean): object {
  return { name, version, members, ...(history ? { edits } : {}) };
}

/** To others there is no such set: its name may say more than they should know. */
function namedSet(c: AppContext, person: Person): LiveSet {
  const name = c.req.param("name") ?? "";
  const set = c.get("deployment").table.body.live_sets.find((one) => one.name === name);
  if (set === undefined || !mayRead(c, person, set))
    throw new HttpProblem("not_found", "the policy has no live set of this name that you may read");
  return set;
}

function mayRead(c: AppContext, person: Person, set: LiveSet): boolean {
  const { operators, auditors } = c.get("deployment").table.body.settings;
  return isEditor(person, set) || [...operators, ...auditors].some((group) => person.groups.has(group));
}

function isEditor(person: Person, set: LiveSet): boolean {
  return set.editors.some((group) => person.groups.has(group));
}
