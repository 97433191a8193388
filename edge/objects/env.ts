/** The bindings that the objects use, and how one object is reached from another or from the Worker. */
import { rootOf } from "../ids.ts";
import { sha256Hex } from "../digest.ts";
import type { AgentRpc, Holder, HolderRpc, LedgerRpc, SessionRpc, SwitchboardRpc } from "../rpc.ts";
import { SHARDS } from "../rpc.ts";

export interface ObjectEnv {
  readonly SESSION: DurableObjectNamespace;
  readonly AGENT: DurableObjectNamespace;
  readonly BUDGET: DurableObjectNamespace;
  readonly SWITCHBOARD: DurableObjectNamespace;
  readonly LEDGER: DurableObjectNamespace;
  readonly SWITCHES: KVNamespace;
  /** As `Env` has it: it names the ledger. */
  readonly DEPLOYMENT?: unknown;
  /** Secret: Ed25519 private key as a JWK, which signs the ledger's checkpoints; later ones as other keys have them. */
  readonly CHECKPOINT_KEY: string;
  /** Secret; binds the arguments beside a record to it. Without it nothing is decided. */
  readonly ARGS_MAC_KEY: string;
  /** JSON: where records are exported to (`docs/export.md`). */
  readonly EXPORTS?: unknown;
  /** The policy's `region`; empty or absent: anywhere. */
  readonly REGION?: string;
}

type Reach = Pick<ObjectEnv, "SESSION" | "AGENT" | "BUDGET" | "SWITCHBOARD" | "LEDGER" | "REGION">;

/** The object of the whole tree that the session stands in. */
export function sessionOf(env: Reach, session: string): SessionRpc {
  return stub(env.SESSION, env.REGION, rootOf(session)) as SessionRpc;
}

export function agentOf(env: Reach, agent: string): AgentRpc {
  return stub(env.AGENT, env.REGION, agent) as AgentRpc;
}

/** Where a gateway's used credentials are remembered. No agent's name has a space, so that it is nobody else's object. */
export function gatewayOf(env: Reach, gateway: string): Pick<AgentRpc, "useCredential"> {
  return agentOf(env, `gateway ${gateway}`);
}

/** Whoever counts what sessions share: an agent's own object, or a budget's. */
export function holderObject(env: Reach, holder: Holder): HolderRpc {
  if (holder.startsWith("agent ")) return agentOf(env, holder.slice("agent ".length));
  return stub(env.BUDGET, env.REGION, holder) as HolderRpc;
}

export function switchboardOf(env: Reach): SwitchboardRpc {
  return stub(env.SWITCHBOARD, env.REGION, "switchboard") as SwitchboardRpc;
}

/** The shard of the ledger that holds this log: of a root session, or the Switchboard's. */
export function ledgerOf(env: Reach, log: string): LedgerRpc {
  return ledgerShard(env, shardOf(log));
}

export function shardOf(log: string): number {
  return Number.parseInt(sha256Hex(log).slice(0, 8), 16) % SHARDS;
}

export function ledgerShard(env: Reach, shard: number): LedgerRpc {
  return stub(env.LEDGER, env.REGION, `ledger-${shard}`) as LedgerRpc;
}

function stub(namespace: DurableObjectNamespace, region: string | undefined, name: string): unknown {
  const where = region ? namespace.jurisdiction(region as DurableObjectJurisdiction) : namespace;
  return where.get(where.idFromName(name));
}
