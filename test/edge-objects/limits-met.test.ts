/** What a session's state says of a limit that it met, by what its holder answered. */
import { expect, test } from "vitest";
import { statusOf } from "../../edge/objects/session/limits-met.ts";
import type { LimitRow } from "../../engine/index.ts";

const NOW = Date.UTC(2026, 10, 23, 10);

const LIMIT: LimitRow = {
  id: "l_1",
  agent: null,
  counter: "c_1",
  key: "",
  per: "agent",
  window: 60_000,
  n: 3_000_000n,
  amount: 0n,
  role: null,
  trial: false,
  via: null,
  text: "",
  holds: true,
};

test.each([
  ["isn't over", 2_000_000n, "1", null],
  ["is used up", 3_000_000n, "0", null],
  ["is over, by what people approved", 4_000_000n, "0", NOW + 5],
])("a limit that %s, counted by a clock that goes ahead", (_, used, remaining, resets_at) => {
  const lead = { agent: "lead", chain: [{ session: "ses_0", agent: "lead" }] };
  const told = { id: "l_1", limit: "3", remaining, resets_at };
  expect(statusOf(lead, LIMIT, { used, admits_at: NOW + 5 }, NOW)).toEqual(told);
});

test("whose limit it is, is told where it isn't that of the agent that looks", () => {
  const chain = [
    { session: "ses_0", agent: "lead" },
    { session: "ses_0.1", agent: "writer" },
  ];
  const whose = (limit: LimitRow) =>
    statusOf({ agent: "writer", chain }, limit, { used: 0n, admits_at: NOW }, NOW).agent;
  // Stored without an agent is the root's.
  expect(whose(LIMIT)).toBe("lead");
  expect(whose({ ...LIMIT, agent: "writer" })).toBeUndefined();
  expect(whose({ ...LIMIT, per: "session" })).toBeUndefined();
});
