// @ts-nocheck: drafts of recursive table types send the checker round in circles, differently each time
/** Every agent and gateway of a table: open to others, and to more. */
import type { Agent, Gateway, Identity, TableBody } from "../../../engine/index.ts";
import { changing, type Draft, type Loosening } from "./loosening.ts";

const ANOTHER: Identity = {
  kind: "key",
  algorithm: "ed25519",
  public_key: "YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcmFub3Q",
};

export function looseAgents(body: TableBody): readonly Loosening[] {
  return [...body.agents.flatMap((agent, at) => ofAgent(agent, at, body)), ...ofGateways(body)];
}

function ofAgent(agent: Agent, at: number, body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  const one = (what: string, change: (agent: Draft<Agent>) => void): Loosening => ({
    name: `${agent.name} ${what}`,
    body: changed(({ agents }) => change(agents[at])),
  });
  const via = body.approvals[0]?.name ?? "";
  const callee = body.agents.find(
    ({ name }) => name !== agent.name && !agent.may_call.some((one) => one.agent === name),
  );
  const roles = body.blocks.filter(({ kind, name }) => kind === "role" && !agent.roles.includes(name));
  const gained = roles.filter(({ name }) => !agent.may_become.some(({ role }) => role === name));
  return [
    one("by another key", (draft) => void draft.identities.push(ANOTHER)),
    ...looseIdentities(agent.identities).map(([what, identities]) =>
      one(what, (draft) => void (draft.identities = identities as Draft<Identity>[])),
    ),
    ...(agent.requester_required ? [one("for nobody", (draft) => void (draft.requester_required = false))] : []),
    one("reviewed later", (draft) => void (draft.review_by += 86_400_000)),
    ...(agent.task_from_client ? [] : [one("states its task", (draft) => void (draft.task_from_client = true))]),
    ...(agent.starts_with.length === 0 ? [] : [one("starts without labels", (draft) => void (draft.starts_with = []))]),
    ...agent.may_call.map((call, index) =>
      one(`calls ${call.agent} for all`, (draft) => void draft.may_call[index]?.select.push({ kind: "any" })),
    ),
    ...(callee === undefined
      ? []
      : [
          one(
            `calls ${callee.name}`,
            (draft) => void draft.may_call.push({ agent: callee.name, select: [{ kind: "any" }] }),
          ),
        ]),
    ...agent.may_become.map(({ role }, index) =>
      one(`is ${role} for longer`, ({ may_become }) => void Object.assign(may_become[index] ?? {}, { duration: 1e9 })),
    ),
    ...gained.map(({ name }) =>
      one(`may become ${name}`, (draft) => void draft.may_become.push({ role: name, via, duration: 1000 })),
    ),
    ...roles.map(({ name }) => one(`has ${name}`, (draft) => void draft.roles.push(name))),
  ];
}

/** With a claim less, and with a value more. */
function looseIdentities(identities: readonly Identity[]): readonly (readonly [string, readonly Identity[]])[] {
  return identities.flatMap((identity, at) => {
    if (identity.kind !== "oidc") return [];
    const replaced = (claims: typeof identity.claims): readonly Identity[] =>
      identities.map((other, index) => (index === at ? { ...identity, claims } : other));
    return identity.claims.flatMap(({ name, values }, index) => [
      [`without the claim ${name}`, replaced(identity.claims.filter((_, other) => other !== index))] as const,
      [
        `with more of the claim ${name}`,
        replaced(
          identity.claims.map((claim, other) => (other === index ? { name, values: [...values, "zz"] } : claim)),
        ),
      ] as const,
    ]);
  });
}

function ofGateways(body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  return body.gateways.flatMap(({ name, agents }, at) => {
    const one = (what: string, change: (gateway: Draft<Gateway>) => void): Loosening => ({
      name: `${name} ${what}`,
      body: changed(({ gateways }) => change(gateways[at])),
    });
    const other = body.agents.find((agent) => !agents.includes(agent.name));
    return [
      one("by another key", (draft) => void draft.identities.push(ANOTHER)),
      ...(other === undefined ? [] : [one("for another agent", (draft) => void draft.agents.push(other.name))]),
    ];
  });
}
