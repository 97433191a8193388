/**
 * Breakers as they trip in a test: those that count what was denied or failed, and those that wait for a canary. What
 * is unusual (`usual`, `first use`) needs a past that a test doesn't have. Nobody lifts a switch in a test.
 */
import { type Breaker, type BreakerScope, parseDecimal } from "../../engine/index.ts";

export interface Happening {
  readonly kind: "denied" | "canary" | "failed" | "done";
  /** UTC milliseconds. */
  readonly at: number;
}

/** Whom a happening counts for, and whom a switch stops: the tree of sessions, its acting agent, its requester. */
export interface Scene {
  readonly tree: string;
  readonly agent: string;
  readonly requester: string | null;
}

export interface Hold {
  readonly reason: "killed" | "frozen";
  readonly breaker: Breaker;
  readonly scope: BreakerScope;
  readonly at: number;
}

export interface BreakerWatch {
  /** Why nothing is decided for it any more; null while nothing holds it. */
  hold(scene: Scene): Hold | null;
  note(happening: Happening, scene: Scene): void;
}

export function watchBreakers(breakers: readonly Breaker[]): BreakerWatch {
  const tallies = new Map<string, Tally[]>();
  const holds = new Map<string, Hold>();
  return {
    hold: (scene) =>
      scopesOf(scene)
        .map((scope) => holds.get(keyOf(scope, scene)))
        .find((one) => one !== undefined) ?? null,
    note: (happening, scene) => {
      for (const breaker of breakers) {
        const key = `${breaker.name} ${keyOf(breaker.per, scene)}`;
        const past = tallied(tallies.get(key) ?? [], happening);
        const tripped = trips(breaker, past, happening);
        // What made it trip has had its effect: it counts anew.
        tallies.set(key, tripped ? [] : past);
        if (!tripped) continue;
        for (const scope of breaker.kill) stop(holds, scene, breaker, scope, happening.at);
      }
    },
  };
}

/** The widest first: an agent that is killed is told so in each of its sessions. */
const SCOPES: readonly BreakerScope[] = ["fleet", "requester", "agent", "session"];

function scopesOf({ requester }: Scene): readonly BreakerScope[] {
  return requester === null ? SCOPES.filter((scope) => scope !== "requester") : SCOPES;
}

function keyOf(scope: BreakerScope, { tree, agent, requester }: Scene): string {
  switch (scope) {
    case "session":
      return `session ${tree}`;
    case "agent":
      return `agent ${agent}`;
    case "requester":
      // Without a person a switch on one stops nobody else than this session.
      return requester === null ? `session ${tree}` : `requester ${requester}`;
    case "fleet":
      return "fleet";
  }
}

function stop(holds: Map<string, Hold>, scene: Scene, breaker: Breaker, listed: BreakerScope, at: number): void {
  const scope = listed === "requester" && scene.requester === null ? "session" : listed;
  const key = keyOf(scope, scene);
  if (holds.has(key)) return;
  holds.set(key, { reason: scope === "session" ? "frozen" : "killed", breaker, scope, at });
}

/** Happenings of one kind and moment, counted together: the clock of a test mostly stands. */
interface Tally extends Happening {
  readonly times: number;
}

function tallied(past: readonly Tally[], { kind, at }: Happening): Tally[] {
  const same = past.find((one) => one.kind === kind && one.at === at);
  const others = past.filter((one) => one !== same);
  return [...others, { kind, at, times: (same?.times ?? 0) + 1 }];
}

function trips({ event }: Breaker, past: readonly Tally[], { kind, at }: Happening): boolean {
  switch (event.kind) {
    case "canary":
      return kind === "canary";
    case "count":
      // A call that is denied for a canary is denied as well.
      return sum(past, event.what === "failed" ? ["failed"] : ["denied", "canary"], at - event.within) >= event.n;
    case "ratio": {
      const failed = sum(past, ["failed"], at - event.within);
      const all = failed + sum(past, ["done"], at - event.within);
      return all >= event.of && isOften(failed, all, event.percent);
    }
    case "usual":
    case "first_use":
      return false;
  }
}

/** How often what is of these kinds came later than `since`. */
function sum(past: readonly Tally[], kinds: readonly Happening["kind"][], since: number): number {
  return past.filter(({ kind, at }) => kinds.includes(kind) && at > since).reduce((all, { times }) => all + times, 0);
}

/** In exact decimals. */
function isOften(failed: number, all: number, percent: string): boolean {
  const share = parseDecimal(percent);
  return share !== null && BigInt(failed) * 100n * 1_000_000n >= share * BigInt(all);
}
