/** What `agentpolicy dev` says of the edge's log: each happening, and what goes on failing once a minute. */
import { expect, test } from "vitest";
import { createEdgeLog } from "../../cli/dev/edge-log.ts";

const FAILS = "warn: an export isn't through { sink: 'lake', why: \"it can't be reached: the connection failed\" }";
const OTHER = FAILS.replace("lake", "hook");
const REFUSED = `log: ${JSON.stringify({ event: "shield_denied", scope: "agent", name: "bot", agent: "bot" })}`;

test("a complaint that is made again and again is said once a minute", () => {
  const said: string[] = [];
  let now = 5;
  const log = createEdgeLog(
    (text) => said.push(text),
    () => now,
  );
  for (let second = 0; second < 130; second++) {
    log(FAILS);
    if (second === 0) log(OTHER);
    now += 1_000;
  }
  expect(said).toEqual([FAILS, OTHER, FAILS, FAILS].map((line) => `edge: ${line}`));
});

test("what happened is said each time that it did", () => {
  const said: string[] = [];
  const log = createEdgeLog(
    (text) => said.push(text),
    () => 0,
  );
  for (let times = 0; times < 3; times++) log(REFUSED);
  expect(said).toEqual(Array(3).fill("edge: refused bot without a record, as a kill switch stops agent bot"));
});

test("colours of the runtime are taken off, and what else a line holds is escaped", () => {
  const said: string[] = [];
  const log = createEdgeLog(
    (text) => said.push(text),
    () => 0,
  );
  log("warn: an export isn't through { sink: \u001b[32m'lake'\u001b[39m } \u001b[2J");
  expect(said).toEqual(["edge: warn: an export isn't through { sink: 'lake' } \\u{1b}[2J"]);
});

test.each([
  ["fleet", "*", "every agent"],
  ["agent", "planner", "agent planner"],
  ["class", "execute", "class execute"],
  ["requester", null, "its requester"],
])("a refusal by a switch on %s %s says what the switch stops", (scope, name, whom) => {
  const said: string[] = [];
  const log = createEdgeLog(
    (text) => said.push(text),
    () => 0,
  );
  log(`log: ${JSON.stringify({ event: "shield_denied", scope, name, agent: "bot" })}`);
  expect(said).toEqual([`edge: refused bot without a record, as a kill switch stops ${whom}`]);
});

test.each([
  [["session ses_1", "requester"], "it kills session ses_1, requester until somebody lifts that"],
  [[], "it tells, and kills nothing"],
])("a breaker that tripped is told with what it kills: %j", (kills, fate) => {
  const said: string[] = [];
  const log = createEdgeLog(
    (text) => said.push(text),
    () => 0,
  );
  const what = "5 denied within 1m per session";
  log(`warn: ${JSON.stringify({ event: "breaker_tripped", breaker: "runaway", what, kills })}`);
  expect(said).toEqual([`edge: breaker runaway tripped (5 denied within 1m per session); ${fate}`]);
});

test("a copy of the switches that is missing is told with what writes it anew", () => {
  const said: string[] = [];
  const log = createEdgeLog(
    (text) => said.push(text),
    () => 0,
  );
  log(`error: ${JSON.stringify({ event: "shield_missing" })}`);
  expect(said).toEqual([expect.stringMatching(/^edge: the copy of the switches in KV is missing, .* writes it anew$/)]);
});
