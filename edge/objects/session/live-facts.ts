/**
 * What live sets hold, as far as this session was told and may still rely on it: no longer than the policy's `lease`.
 * What it wasn't told is unknown, which never grants and always restricts.
 */
import type { Remainder, Rest } from "../../../engine/index.ts";
import type { AgentRpc, Membership } from "../../rpc.ts";
import { withDeadline } from "../../deadline.ts";
import { type HeldLease, holdLease, isHeld } from "../lease.ts";

const PATIENCE = 3_000;
/** More would be kept for nobody: what is asked again is learned again. */
const MOST_KEPT = 1_000;

export interface LiveFacts {
  /** Asks for what the remainder reads and isn't known. Never throws: whether it helped, `has` says. */
  learn(
    remainder: Remainder,
    input: { readonly sequence: number; readonly lease: number },
    agent: AgentRpc,
  ): Promise<void>;
  /** Null where it isn't known now. */
  has(set: string, value: string): boolean | null;
}

export function createLiveFacts(): LiveFacts {
  const known = new Map<string, { readonly has: boolean; readonly held: HeldLease }>();
  const has = (set: string, value: string): boolean | null => {
    const found = known.get(keyOf({ set, value }));
    return found !== undefined && isHeld(found.held, Date.now()) ? found.has : null;
  };
  return {
    has,
    learn: async (remainder, { sequence, lease }, agent) => {
      const asked = membershipsIn(remainder).filter(({ set, value }) => has(set, value) === null);
      if (asked.length === 0) return;
      const sent = Date.now();
      try {
        const output = await withDeadline(agent.isMember({ sequence, lease, asked }), PATIENCE);
        if ("refused" in output) return;
        if (known.size + asked.length > MOST_KEPT) known.clear();
        const held = holdLease(output.lease, sent);
        for (const [at, one] of asked.entries()) {
          const isMember = output.has[at];
          // An answer that lacks one is broken: that one stays unknown.
          if (isMember !== undefined) known.set(keyOf(one), { has: isMember, held });
        }
      } catch (cause) {
        console.warn("live sets can't be read", { cause: String(cause) });
      }
    },
  };
}

function keyOf({ set, value }: Membership): string {
  return `${set} ${value}`;
}

/** What of live sets it reads, each once. */
export function membershipsIn({ rows, limits, yields, callers }: Remainder): readonly Membership[] {
  const found = new Map<string, Membership>();
  const read = (rest: Rest): void => {
    if (typeof rest === "boolean") return;
    if (rest.op === "live_has") found.set(keyOf(rest), { set: rest.set, value: rest.value });
    else if (rest.op === "and" || rest.op === "or") for (const part of rest.of) read(part);
    else if (rest.op === "not") read(rest.of);
  };
  for (const row of rows) {
    read(row.grants);
    if (row.restricts !== row.grants) read(row.restricts);
  }
  for (const { holds } of [...limits, ...yields]) read(holds);
  for (const { granted } of callers) read(granted);
  return [...found.values()];
}
