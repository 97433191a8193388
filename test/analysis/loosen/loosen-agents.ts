/** Every agent and gateway of a table: open to others, and to more. */
import type { Agent, Gateway, Identity, TableBody } from "../../../engine/index.ts";
import type { Loosening } from "./loosening.ts";

const ANOTHER: Identity = {
  kind: "key",
  algorithm: "ed25519",
  public_key: "YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcmFub3Q",
};

export function looseAgents(body: TableBody): readonly Loosening[] {
  return [...body.agents.flatMap((agent, at) => ofAgent(agent, at, body)), ...ofGateways(body)];
}

function ofAgent(agent: Agent, at: number, body: TableBody): readonly Loosening[] {
  const one = (what: string, change: Partial<Agent>): Loosening => ({
    name: `${agent.name} ${what}`,
    body: { ...body, agents: body.agents.with(at, { ...agent, ...change }) },
  });
  const { identities, may_call, may_become } = agent;
  const callee = body.agents.find(({ name }) => name !== agent.name && !may_call.some((call) => call.agent === name));
  return [
    one("by another key", { identities: [...identities, ANOTHER] }),
    ...looseIdentities(identities).map(([what, loose]) => one(what, { identities: loose })),
    ...(agent.requester_required ? [one("for nobody", { requester_required: false })] : []),
    one("reviewed later", { review_by: agent.review_by + 86_400_000 }),
    ...(agent.task_from_client ? [] : [one("states its task", { task_from_client: true })]),
    ...(agent.starts_with.length === 0 ? [] : [one("starts without labels", { starts_with: [] })]),
    ...may_call.map((call, index) =>
      one(`calls ${call.agent} for all`, {
        may_call: may_call.with(index, { ...call, select: [...call.select, { kind: "any" }] }),
      }),
    ),
    ...(callee === undefined
      ? []
      : [
          one(`calls ${callee.name}`, {
            may_call: [...may_call, { agent: callee.name, select: [{ kind: "any" }] }],
          }),
        ]),
    ...may_become.map((gain, index) =>
      one(`is ${gain.role} for longer`, { may_become: may_become.with(index, { ...gain, duration: 1e9 }) }),
    ),
    ...moreRoles(agent, body).map(([what, change]) => one(what, change)),
  ];
}

function moreRoles(agent: Agent, body: TableBody): readonly (readonly [what: string, change: Partial<Agent>])[] {
  const via = body.approvals[0]?.name ?? "";
  const roles = body.blocks.filter(({ kind, name }) => kind === "role" && !agent.roles.includes(name));
  const gained = roles.filter(({ name }) => !agent.may_become.some(({ role }) => role === name));
  return [
    ...gained.map(
      ({ name }) =>
        [`may become ${name}`, { may_become: [...agent.may_become, { role: name, via, duration: 1000 }] }] as const,
    ),
    ...roles.map(({ name }) => [`has ${name}`, { roles: [...agent.roles, name] }] as const),
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
  return body.gateways.flatMap((gateway, at) => {
    const one = (what: string, change: Partial<Gateway>): Loosening => ({
      name: `${gateway.name} ${what}`,
      body: { ...body, gateways: body.gateways.with(at, { ...gateway, ...change }) },
    });
    const { identities, agents } = gateway;
    const other = body.agents.find((agent) => !agents.includes(agent.name));
    return [
      one("by another key", { identities: [...identities, ANOTHER] }),
      ...(other === undefined ? [] : [one("for another agent", { agents: [...agents, other.name] })]),
    ];
  });
}
