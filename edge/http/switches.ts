/** Kill switches: flipped and lifted by operators, each with a reason, looked at by operators and auditors. */
import { killableNames } from "../../engine/index.ts";
import type { Table } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { isSessionId } from "../ids.ts";
import { switchboardOf } from "../objects/env.ts";
import type { FlipInput, FlipOutput, SwitchesAsked, SwitchScope } from "../rpc.ts";
import { SWITCH_SCOPES } from "../rpc.ts";
import type { ListedSwitch } from "../../sdk/index.ts";
import { requesterName } from "../switches/switch-reach.ts";
import { askObject } from "./ask-object.ts";
import { reasonBody } from "./bodies.ts";
import { requireOffice } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** So many names are told to an operator whose own isn't in the policy. */
const MOST_TOLD = 3;
const LONGEST_NAME = 1_024;

interface Target {
  readonly scope: SwitchScope;
  readonly name: string;
}

/** `GET /v1/switches`, with `?history=true` the lifted ones too; `?after=` goes on behind a page. */
export async function listSwitches(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  return c.json(await readSwitches(c, { history: c.req.query("history") === "true" }));
}

/** `GET /v1/switches/{scope}/{name}`: how far it has got. */
export async function showSwitch(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  const page = await readSwitches(c, { history: true, of: targetOf(c) });
  if (page.switches.length === 0 && c.req.query("after") === undefined)
    throw new HttpProblem("not_found", "no switch was ever flipped for this name");
  return c.json(page);
}

interface WirePage {
  readonly switches: readonly ListedSwitch[];
  readonly cursor: string | null;
  readonly more: boolean;
}

async function readSwitches(c: AppContext, asked: Omit<SwitchesAsked, "after">): Promise<WirePage> {
  const { sequence, table } = c.get("deployment");
  const input = { sequence, ...asked, ...behind(c.req.query("after")) };
  const { switches, cursor = null } = await askObject(() => switchboardOf(c.env).switches(input));
  const names = createNames(table);
  return {
    switches: switches.map((each) => ({ ...each, in_policy: names(each.scope)?.has(each.name) ?? true })),
    cursor: cursor === null ? null : String(cursor),
    more: cursor !== null,
  };
}

function behind(cursor: string | undefined): Pick<SwitchesAsked, "after"> {
  if (cursor === undefined) return {};
  if (!/^\d{1,15}$/.test(cursor)) throw malformed("`after` takes the `cursor` of a page");
  return { after: Number(cursor) };
}

/** What the policy has of each scope, looked up once for a list. */
function createNames({ body }: Table): (scope: SwitchScope) => ReadonlySet<string> | null {
  const known = new Map<SwitchScope, ReadonlySet<string> | null>();
  return (scope) => {
    const names = known.get(scope) ?? killableNames(body, scope);
    known.set(scope, names);
    return names;
  };
}

/** `PUT /v1/switches/{scope}/{name}` */
export async function flipSwitch(c: AppContext): Promise<Response> {
  const input = await readChange(c);
  requireKnown(c.get("deployment"), input);
  return accepted(c, await askObject(() => switchboardOf(c.env).flip(input)));
}

/** A kill that is misspelt would be acknowledged and stop nobody. */
function requireKnown(deployment: Deployment, { scope, name }: Target): void {
  const names = killableNames(deployment.table.body, scope);
  if (names === null || names.has(name)) return;
  const near = [...names].toSorted((one, other) => sharedStart(other, name) - sharedStart(one, name));
  const told = near.slice(0, MOST_TOLD).map((each) => `\`${each}\``);
  const nearest = told.length === 0 ? "" : ` (it has ${told.join(", ")}${near.length > told.length ? ", …" : ""})`;
  throw new HttpProblem("not_found", `the policy has no ${scope} of this name${nearest}; nothing was stopped`);
}

function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** `DELETE /v1/switches/{scope}/{name}`, with `?id=` one of several. KV may go on refusing for a minute or more. */
export async function liftSwitch(c: AppContext): Promise<Response> {
  const input = await readChange(c);
  const id = c.req.query("id") ?? null;
  return accepted(c, await askToLift(c, { ...input, id }));
}

async function askToLift(c: AppContext, input: FlipInput & { readonly id: string | null }): Promise<FlipOutput> {
  try {
    return await askObject(() => switchboardOf(c.env).lift(input));
  } catch (error) {
    if (!(error instanceof HttpProblem && error.kind === "not_found")) throw error;
    const target = input.scope === "fleet" ? "the fleet" : `${input.scope} \`${input.name}\``;
    const which = input.id === null ? "no switch" : "no switch with this id";
    throw new HttpProblem("not_found", `${which} is flipped for ${target}`);
  }
}

async function readChange(c: AppContext): Promise<FlipInput> {
  const { iss, sub, email, claims } = await requireOffice(c, ["operators"]);
  const target = targetOf(c);
  const { reason } = await readBody(c.req.raw, reasonBody);
  return { sequence: c.get("deployment").sequence, ...target, reason, by: { iss, sub, email, claims } };
}

function targetOf(c: AppContext): Target {
  const scope = SWITCH_SCOPES.find((candidate) => candidate === c.req.param("scope"));
  if (scope === undefined)
    throw new HttpProblem("not_found", `a switch is for one of ${SWITCH_SCOPES.map((one) => `\`${one}\``).join(", ")}`);
  const name = c.req.param("name") ?? "";
  if (scope === "fleet") {
    if (name !== "*" && name !== "all") throw malformed("the fleet's switch is `/v1/switches/fleet/*`");
    return { scope, name: "*" };
  }
  if (scope === "session" && !isSessionId(name)) throw new HttpProblem("not_found", "this is no session's id");
  if (scope === "requester") return { scope, name: requesterOf(name) };
  return { scope, name };
}

/** An address, or the id of one who has none. Nobody knows whether somebody of this name will ever come. */
function requesterOf(name: string): string {
  const odd = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) || name !== name.trim() || name.length > LONGEST_NAME;
  if (name === "" || odd) throw malformed("a requester's name is their address, or their id at the identity provider");
  return requesterName(name);
}

function accepted(c: AppContext, { switch: flipped, sessions_reached, sessions_pending }: FlipOutput): Response {
  return c.json({ switch: flipped, sessions_reached, sessions_pending }, 202);
}
