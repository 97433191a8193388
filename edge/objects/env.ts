/** The bindings that the objects use, and how one object is reached from another or from the Worker. */
import type { AgentRpc, Holder, HolderRpc, SessionRpc, SwitchboardRpc } from "../rpc.ts";

export interface ObjectEnv {
  readonly SESSION: DurableObjectNamespace;
  readonly AGENT: DurableObjectNamespace;
  readonly BUDGET: DurableObjectNamespace;
  readonly SWITCHBOARD: DurableObjectNamespace;
  readonly SWITCHES: KVNamespace;
  /** Secret; binds the arguments beside a record to it. Without it nothing is decided. */
  readonly ARGS_MAC_KEY: string;
  /** The policy's `region`; empty or absent: anywhere. */
  readonly REGION?: string;
}

type Reach = Pick<ObjectEnv, "SESSION" | "AGENT" | "BUDGET" | "SWITCHBOARD" | "REGION">;

export function sessionOf(env: Reach, session: string): SessionRpc {
  return stub(env.SESSION, env.REGION, session) as SessionRpc;
}

export function agentOf(env: Reach, agent: string): AgentRpc {
  return stub(env.AGENT, env.REGION, agent) as AgentRpc;
}

/** Whoever counts what sessions share: an agent's own object, or a budget's. */
export function holderObject(env: Reach, holder: Holder): HolderRpc {
  if (holder.startsWith("agent ")) return agentOf(env, holder.slice("agent ".length));
  return stub(env.BUDGET, env.REGION, holder) as HolderRpc;
}

export function switchboardOf(env: Reach): SwitchboardRpc {
  return stub(env.SWITCHBOARD, env.REGION, "switchboard") as SwitchboardRpc;
}

function stub(namespace: DurableObjectNamespace, region: string | undefined, name: string): unknown {
  const where = region ? namespace.jurisdiction(region as DurableObjectJurisdiction) : namespace;
  return where.get(where.idFromName(name));
}
