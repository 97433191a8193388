/** Kill switches: flipped and lifted by operators, each with a reason, looked at by operators and auditors. */
import { isSessionId } from "../ids.ts";
import { switchboardOf } from "../objects/env.ts";
import type { FlipInput, FlipOutput, SwitchScope, SwitchView } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { reasonBody } from "./bodies.ts";
import { requireOffice } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";

const SCOPES: readonly SwitchScope[] = ["fleet", "agent", "session"];

interface Target {
  readonly scope: SwitchScope;
  readonly name: string;
}

/** `GET /v1/switches`, with `?history=true` the lifted ones too. */
export async function listSwitches(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  return c.json({ switches: await readSwitches(c, c.req.query("history") === "true") });
}

/** `GET /v1/switches/{scope}/{name}`: how far it has got. */
export async function showSwitch(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  const { scope, name } = targetOf(c);
  const found = (await readSwitches(c, true)).filter((one) => one.scope === scope && one.name === name);
  if (found.length === 0) throw new HttpProblem("not_found", "no switch was ever flipped for this name");
  return c.json({ switches: found });
}

async function readSwitches(c: AppContext, history: boolean): Promise<readonly SwitchView[]> {
  const { sequence } = c.var.deployment;
  return (await askObject(() => switchboardOf(c.env).switches({ sequence, history }))).switches;
}

/** `PUT /v1/switches/{scope}/{name}` */
export async function flipSwitch(c: AppContext): Promise<Response> {
  const input = await readChange(c);
  const { agents } = c.var.deployment;
  // A kill that is misspelt would be acknowledged and stop nobody.
  if (input.scope === "agent" && !agents.has(input.name))
    throw new HttpProblem("not_found", "the policy has no agent of this name; nothing was stopped");
  return accepted(c, await askObject(() => switchboardOf(c.env).flip(input)));
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
  return { sequence: c.var.deployment.sequence, ...target, reason, by: { iss, sub, email, claims } };
}

function targetOf(c: AppContext): Target {
  const scope = SCOPES.find((candidate) => candidate === c.req.param("scope"));
  if (scope === undefined) throw new HttpProblem("not_found", "a switch is for `fleet`, `agent` or `session`");
  const name = c.req.param("name") ?? "";
  if (scope === "fleet") {
    if (name !== "*" && name !== "all") throw malformed("the fleet's switch is `/v1/switches/fleet/*`");
    return { scope, name: "*" };
  }
  if (scope === "session" && !isSessionId(name)) throw new HttpProblem("not_found", "this is no session's id");
  return { scope, name };
}

function accepted(c: AppContext, { switch: flipped, sessions_reached, sessions_pending }: FlipOutput): Response {
  return c.json({ switch: flipped, sessions_reached, sessions_pending }, 202);
}
