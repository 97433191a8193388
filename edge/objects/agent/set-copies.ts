/**
 * Copies of live sets, as old as the agent's lease may be at most: whoever takes a text out of a set is heard within the
 * policy's `lease`, as a kill is. In memory only, so that a restart always asks anew.
 */
import type { GrantedSet, Membership, MembershipOutput } from "../../rpc.ts";
import { type HeldLease, holdLease, isHeld, isPastHalf, leftOf, shortened } from "../lease.ts";

interface Copy {
  readonly members: ReadonlySet<string>;
  readonly held: HeldLease;
}

export interface SetCopies {
  /** @throws whatever `grant` throws for a set of which there is no good copy */
  ask(asked: readonly Membership[], lease: number): Promise<MembershipOutput>;
}

/** @param grant Reads a set where sets are kept. */
export function createSetCopies(
  grant: (name: string, lease: number) => Promise<GrantedSet>,
  later: (work: Promise<unknown>) => void,
): SetCopies {
  const copies = new Map<string, Copy>();
  const reading = new Map<string, Promise<Copy>>();

  function read(name: string, lease: number): Promise<Copy> {
    const running = reading.get(name);
    if (running !== undefined) return running;
    const sent = Date.now();
    const fresh = grant(name, lease)
      .then((granted) => {
        const copy = { members: new Set(granted.members), held: holdLease(granted.lease, sent) };
        copies.set(name, copy);
        return copy;
      })
      .finally(() => reading.delete(name));
    reading.set(name, fresh);
    return fresh;
  }

  async function copyOf(name: string, lease: number): Promise<Copy> {
    const copy = copies.get(name);
    const held = shortened(copy?.held ?? null, lease);
    const at = Date.now();
    if (copy === undefined || !isHeld(held, at)) return read(name, lease);
    if (isPastHalf(held, at))
      later(
        read(name, lease).catch((cause: unknown) => console.warn("a live set can't be read", { cause: String(cause) })),
      );
    return { ...copy, held };
  }

  return {
    ask: async (asked, lease) => {
      const names = [...new Set(asked.map(({ set }) => set))];
      const found = new Map(await Promise.all(names.map(async (name) => [name, await copyOf(name, lease)] as const)));
      const at = Date.now();
      const leases = [...found.values()].map(({ held }) => leftOf(held, at));
      const valid_for = Math.min(...leases.map((each) => each.valid_for));
      return {
        has: asked.map(({ set, value }) => found.get(set)?.members.has(value) === true),
        lease: { epoch: Math.max(0, ...leases.map((each) => each.epoch)), valid_for },
      };
    },
  };
}
