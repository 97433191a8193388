/** What sessions tell whoever counts for breakers, and what they hear back. */
import type { Breaker, BreakerScope } from "../../engine/index.ts";
import type { SwitchScope } from "./switchboard-rpc.ts";

/** One thing that breakers count. */
export interface Happening {
  /** Number of the record that holds it: with the session it names the happening, however often it is told. */
  readonly seq: number;
  /** `called`: an action was admitted; `done` and `failed`: what became of it. */
  readonly kind: "denied" | "canary" | "called" | "done" | "failed";
  /** By the session's clock. */
  readonly at: number;
  readonly decision_id: string;
  readonly action: string;
  readonly scene: Scene;
  /** Today's breakers that count it here. */
  readonly breakers: readonly Breaker[];
}

/** Whom a happening counts for, and whom a switch stops. */
export interface Scene {
  /** The root of the tree. */
  readonly session: string;
  /** The one that acted. */
  readonly agent: string;
  readonly requester: string | null;
}

/** What was admitted since the last time, by agent, so that it can be learned what is usual. */
export interface UsedActions {
  /** Number of the newest record among them: with the session it names the message. */
  readonly seq: number;
  readonly agent: string;
  readonly actions: readonly {
    readonly action: string;
    /** Whole hours since 1970, UTC. */
    readonly hour: number;
    readonly calls: number;
    /** Of the last of them. */
    readonly at: number;
  }[];
}

/** A breaker that tripped. */
export interface Trip {
  readonly breaker: string;
  readonly per: BreakerScope;
  /** What happened, for people: `5 denied within 1m per session`. */
  readonly what: string;
  readonly at: number;
  readonly decision_id: string;
  readonly kill: readonly { readonly scope: SwitchScope; readonly name: string }[];
  /** Channels to tell. */
  readonly tell: readonly string[];
}

/** Trips by the happening that made them. */
export interface ToldTrips {
  readonly seq: number;
  readonly trips: readonly Trip[];
}

/** What is usual for one agent, as people see it. */
export interface UsualView {
  /** Since when it is being learned; null: nothing was seen yet. */
  readonly since: number | null;
  /** False: too little was seen, so that no `Nx usual` trips. */
  readonly learned: boolean;
  readonly actions: readonly {
    readonly action: string;
    /** Calls in this hour so far, and as many as are usual in the whole of it (null until learned). */
    readonly this_hour: number;
    readonly usual: number | null;
    readonly last_at: number;
  }[];
}
