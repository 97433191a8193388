/**
 * Opening sessions as the edge does it: limits on `session.open` count it, a `never` forbids it, and without such a
 * limit the default bounds hold.
 */
import {
  type Agent,
  decide,
  type Decision,
  DEFAULT_OPENINGS,
  matchOpening,
  type Remainder,
} from "../../engine/index.ts";
import { heldBy } from "./guard-session.ts";
import { openTree, spendOnce } from "./session-tree.ts";
import { agentOf, refusal, requestOf, type Run, type Seat, startRun, type World } from "./test-world.ts";

const HOUR = 3_600_000;

export interface Opening {
  readonly decision: Decision;
  /** Null where it was refused. */
  readonly seat: Seat | null;
}

/** Opens a root session of the test's agent; it is the one that acts from then on. */
export function openRoot(world: World): Decision {
  const agent = agentOf(world, world.test.agent);
  const { decision, seat } = open(world, agent, []);
  if (seat !== null) world.run = startRun(world, agent, seat.session);
  return decision;
}

/** Decides the opening of a session of `agent` below these, and counts it where it is allowed. */
export function open(world: World, agent: Agent, above: readonly Seat[]): Opening {
  const session = world.opened.length === 0 ? "test" : `test-${world.opened.length + 1}`;
  const seat: Seat = { agent: agent.name, session };
  const tree = above[0]?.session ?? session;
  const { requester } = world.test;
  const hold = world.watch.hold({ tree, agent: agent.name, requester });
  if (hold !== null) return { decision: heldBy(hold), seat: null };
  const rest = matchOpening(world.policy, requestOf(world, [...above, seat], { action: "session.open", args: {} }));
  const capped = rest.denied === null && !isLimited(rest) ? overCap(world, agent.name) : null;
  const decision = capped ?? decideOpening(world, rest, seat, above);
  if (decision.decision !== "allow") return { decision, seat: null };
  spendOnce(world.counts, decision, { tree, agent: agent.name, requester }, world.now);
  world.opened.push({ ...seat, at: world.now });
  return { decision, seat };
}

/** A session that opens has no past but the labels it starts with; one below another also has its tree's. */
function decideOpening(world: World, rest: Remainder, seat: Seat, above: readonly Seat[]): Decision {
  const asker = { agent: seat.agent, requester: world.test.requester, isRoot: above.length === 0, now: world.now };
  const tree = above.length > 0 && world.run !== null ? world.run.tree : emptyTree(world, seat);
  const state = tree.state(asker, () => false);
  return decide(rest, { ...state, labels: new Set([...state.labels, ...agentOf(world, seat.agent).starts_with]) });
}

function emptyTree(world: World, { agent, session }: Seat): Run["tree"] {
  const { actions } = world.ground.table.body;
  const { now: openedAt, counts, live, task } = world;
  const labels = agentOf(world, agent).starts_with;
  return openTree({ id: session, actions, openedAt, labels, calls: 0, task, counts, live });
}

function isLimited({ limits }: Remainder): boolean {
  return limits.some(({ trial, agent }) => !trial && agent === null);
}

function overCap(world: World, agent: string): Decision | null {
  const own = world.opened.filter((one) => one.agent === agent);
  const isOpen = own.filter((one) => stillOpen(world, one.session, one.at)).length;
  if (isOpen >= DEFAULT_OPENINGS.open)
    return refusal(
      "limit_exceeded",
      `agent \`${agent}\` has ${DEFAULT_OPENINGS.open} open sessions, and no limit on \`session.open\``,
    );
  if (own.filter(({ at }) => at > world.now - HOUR).length < DEFAULT_OPENINGS.an_hour) return null;
  return refusal(
    "limit_exceeded",
    `agent \`${agent}\` opened ${DEFAULT_OPENINGS.an_hour} sessions within an hour, and has no limit on \`session.open\``,
  );
}

/** Those that the test is in are busy; any other idles out. */
function stillOpen(world: World, session: string, at: number): boolean {
  const { idle, lifetime } = world.ground.table.body.settings.session;
  const busy = world.run?.seats.some((seat) => seat.session === session) === true;
  return world.now < at + (busy ? lifetime : Math.min(idle, lifetime));
}
