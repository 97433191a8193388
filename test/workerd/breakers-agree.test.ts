/** The edge against the breakers that `agentpolicy test` plays: the same happenings stop the same sessions. */
import { runDurableObjectAlarm } from "cloudflare:test";
import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { watchBreakers } from "../../compiler/test-runner/breaker-watch.ts";
import type { Breaker } from "../../engine/index.ts";
import { act, asking, beCanary, beDenied, breaker, denied, failing, HOUR } from "./breaking.ts";
import { bindings, openSession, type OpenSession, unique } from "./requests.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 12);

afterEach(() => {
  vi.useRealTimers();
});

const events = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((n) => denied(n, HOUR)),
  fc.integer({ min: 1, max: 4 }).map((n) => failing(n, HOUR)),
  fc.record({ percent: fc.constantFrom("25", "50", "100"), of: fc.integer({ min: 1, max: 4 }) }).map((some) => ({
    ...some,
    kind: "ratio" as const,
    within: HOUR,
  })),
  fc.constant({ kind: "canary" as const }),
);
const breakers = fc.array(
  fc.oneof(
    events.map((event) => ({ event, per: "session" as const, kill: ["session" as const] })),
    fc.record({
      event: events,
      per: fc.constant("agent" as const),
      kill: fc.subarray(["session", "agent"] as const),
    }),
  ),
  { minLength: 1, maxLength: 3 },
);
const step = fc.record({
  who: fc.nat({ max: 3 }),
  what: fc.constantFrom("denied", "denied", "done", "failed", "failed", "canary" as const),
  /** Long enough for all that was counted to be over, or no time at all. */
  later: fc.constantFrom(false, false, false, false, true),
});

type What = "denied" | "done" | "failed" | "canary";

/** No session idles out. */
const BUSY = { change: { settings: { lease: 10_000, idle: 24 * HOUR } } };

/** What the object would hear from the Worker. */
async function happen(session: OpenSession, what: What, all: readonly Breaker[]): Promise<void> {
  if (what === "denied") await beDenied(session, all, BUSY);
  else if (what === "canary") await beCanary(session, all, BUSY);
  else await act(session, all, what === "done" ? "ok" : "error", BUSY);
}

/** All that it led to has come to where it goes. */
async function settle(session: OpenSession): Promise<void> {
  await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(session.id)));
  await runDurableObjectAlarm(bindings.AGENT.get(bindings.AGENT.idFromName(session.agent)));
}

const heldIn = (reason: string): string | null => (reason === "killed" || reason === "frozen" ? reason : null);

test("whatever happens, in whichever session", async () => {
  await fc.assert(
    fc.asyncProperty(breakers, fc.array(step, { minLength: 1, maxLength: 14 }), async (some, steps) => {
      vi.useRealTimers();
      const all = some.map(({ event, per, kill }, at) => breaker(`b${at}`, event, per, kill));
      const watch = watchBreakers(all);
      const idle = 24 * HOUR;
      const agents = [unique("bot"), unique("bot")];
      const sessions = await Promise.all(
        agents.flatMap((agent) => [1, 2].map(() => openSession(agent, { idle, lifetime: idle }))),
      );
      const sceneOf = ({ id, agent }: OpenSession) => ({ tree: id, agent, requester: null });
      let now = Date.now();
      for (const { who, what, later } of steps) {
        const session = sessions[who];
        if (session === undefined) throw new Error("four sessions");
        now += later ? 1.1 * HOUR : 100;
        vi.useFakeTimers({ toFake: ["Date"], now });
        if (watch.hold(sceneOf(session)) === null) watch.note({ kind: what, at: now }, sceneOf(session));
        await happen(session, what, all);
        await settle(session);
        for (const each of sessions) {
          now += 100;
          vi.useFakeTimers({ toFake: ["Date"], now });
          const { reason } = await asking(each, [], BUSY);
          expect(heldIn(reason), `${what} in ${who}`).toBe(watch.hold(sceneOf(each))?.reason ?? null);
        }
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);
