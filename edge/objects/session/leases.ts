/**
 * "Not killed", for each session of the tree from its own agent's object. A session decides only while it and all above
 * it hold one. In memory only: after a restart each is asked for anew.
 */
import { withDeadline } from "../../deadline.ts";
import type { AgentRpc, Lease, Link } from "../../rpc.ts";
import { type HeldLease, holdLease, isHeld, isPastHalf, shortened } from "../lease.ts";
import { takeNotice } from "./life.ts";
import { readMember, readTree } from "./member.ts";
import type { SessionContext } from "./session-context.ts";
import { learnSequence } from "./session-row.ts";
import { knownEpoch, readHold } from "./switch-store.ts";

const PATIENCE = 3_000;

export interface Leases {
  /** Whether a chain's leases are all held; what is past half is renewed in the background. */
  held(chain: readonly Link[]): boolean;
  /** Never throws: whether it helped, `held` says. */
  renew(chain: readonly Link[]): Promise<void>;
  /** Of one session. A grant that left before a kill and arrives after it grants nothing. */
  keep(of: Link, lease: Lease, sent: number): void;
  /** Those of sessions that are killed. */
  dropKilled(): void;
  /** What the newest policy says of a lease's length; before it was heard of, what it was when the session opened. */
  learnTime(ms: number): void;
}

export interface LeaseSource {
  readonly context: SessionContext;
  readonly agent: (name: string) => AgentRpc;
  /** Work that may go on behind an answer. */
  readonly later: (work: Promise<void>) => void;
  /** A grant brought news, which others may have to hear of. */
  readonly changed: () => Promise<void>;
}

export function createLeases(source: LeaseSource): Leases {
  const { context } = source;
  const leases = new Map<string, HeldLease>();
  const renewing = new Map<string, Promise<void>>();
  let time: number | null = null;

  const renewOne = (link: Link): Promise<void> => {
    const running = renewing.get(link.session);
    if (running !== undefined) return running;
    const started = ask(source, link, time, keep, () => leases.delete(link.session)).finally(() =>
      renewing.delete(link.session),
    );
    renewing.set(link.session, started);
    return started;
  };
  const isOne = (link: Link, at: number): boolean => {
    const lease = shortened(leases.get(link.session) ?? null, time ?? Number.POSITIVE_INFINITY);
    if (!isHeld(lease, at)) return false;
    if (isPastHalf(lease, at)) source.later(renewOne(link));
    return true;
  };
  const keep = (of: Link, lease: Lease, sent: number): void => {
    const { sql } = context;
    const member = readMember(sql, of.session);
    const killed = member !== null && readHold(sql, member)?.reason === "killed";
    if (killed && lease.epoch < knownEpoch(sql, of)) return;
    leases.set(of.session, holdLease(lease, sent));
  };
  return {
    held: (chain) => {
      const at = Date.now();
      return chain.every((link) => isOne(link, at));
    },
    renew: async (chain) => {
      const at = Date.now();
      await Promise.all(chain.filter((link) => !isOne(link, at)).map(renewOne));
    },
    keep,
    dropKilled: () => {
      if (leases.size === 0) return;
      for (const member of readTree(context.sql))
        if (readHold(context.sql, member)?.reason === "killed") leases.delete(member.session);
    },
    learnTime: (ms) => {
      time = ms;
    },
  };
}

async function ask(
  { context, agent, changed }: LeaseSource,
  link: Link,
  time: number | null,
  keep: Leases["keep"],
  drop: () => void,
): Promise<void> {
  const row = readMember(context.sql, link.session);
  if (row === null || row.ended_as !== null) return;
  const sent = Date.now();
  try {
    const { session, sequence } = row;
    const epoch = knownEpoch(context.sql, link);
    const output = await withDeadline(
      agent(link.agent).renewLease({ sequence, session, lease: time ?? row.lease, epoch }),
      PATIENCE,
    );
    if ("refused" in output) return;
    learnSequence(context.sql, output.sequence);
    if (!output.granted) drop();
    context.transaction(() => {
      for (const notice of output.notices) takeNotice(context, { ...notice, ...link }, context.clock.now());
    });
    if (output.granted) keep(link, output.lease, sent);
    if (output.notices.length > 0) await changed();
  } catch (cause) {
    console.warn("the lease can't be renewed", { cause: String(cause) });
  }
}
