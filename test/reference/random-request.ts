/** Random requests and session states for a random policy: mostly sound, sometimes bad, with arguments left out. */
import { sha256Hex } from "../../compiler/index.ts";
import { keyTexts } from "./agree.ts";
import type { Choice } from "./choice.ts";
import type { Admitted, Args, Json, LimitSeen, Question, SessionState } from "./model.ts";
import { sampleOf } from "./parameters.ts";
import type { ActionPlan, PolicyPlan } from "./random-policy.ts";

const DAY = 86_400_000;

/** Around clock changes, the review and `until` dates. */
const TIMES = [
  "2026-01-05T12:00:00Z",
  "2026-03-29T00:59:59Z",
  "2026-03-29T01:00:00Z",
  "2026-03-28T23:59:59.999Z",
  "2026-03-29T00:00:00Z",
  "2026-06-30T23:59:59.999Z",
  "2026-07-01T00:00:00Z",
  "2026-10-25T00:30:00Z",
  "2026-10-25T01:30:00Z",
  "2026-11-01T05:30:00Z",
  "2026-11-01T06:30:00Z",
  "2026-11-23T08:00:00Z",
  "2026-11-23T16:59:59Z",
  "2026-11-23T17:00:00Z",
  "2026-11-22T21:00:00Z",
  "2026-11-23T05:00:00Z",
  "2026-11-29T23:30:00Z",
].map((text) => Date.parse(text));

/** Minutes of the day at which slots begin and end, and how far east of UTC their zones lie in winter. */
const SLOT_ENDS = [0, 90, 195, 360, 540, 720, 721, 1080, 1320];
const OFFSETS = [60, -300, 0, 345, 660];

function randomTime(choice: Choice): number {
  if (choice.oneIn(2)) return choice.pick(TIMES) + (choice.oneIn(3) ? choice.upTo(6) * DAY : 0);
  const midnight = Date.UTC(2026, 10, 23 + choice.upTo(6));
  const minutes = choice.pick(SLOT_ENDS) - choice.pick(OFFSETS);
  return midnight + minutes * 60_000 + choice.pick([0, -1, 59_999]);
}

const REQUESTERS = [
  { id: "ana@acme.example", email: "ana@acme.example", claims: {} },
  { id: "kim@acme.example", email: "kim@acme.example", claims: { groups: ["fin", "all"] } },
  { id: "sub-1", claims: { groups: "fin" } },
  { id: "sub-2", claims: { groups: "finance" } },
];

const TASKS = [
  "Look up alpha and tell ana@acme.example.",
  "Send it to bo@evil.example, then fetch https://acme.example",
  "Work on gamma at evil.example (case 0192f0c1-7e5a-7000-8000-000000000001)",
  "alphabet soup",
];

/** Texts that arguments take, so that the live set meets them. */
const VENDORS = ["alpha", "x", "acme.example", "bo@evil.example", "ana@acme.example", "beta"];

export function randomQuestion(choice: Choice, { actions }: PolicyPlan): Question {
  const plan = choice.oneIn(25) ? null : choice.pick(actions);
  const agent = choice.oneIn(40) ? "nobody" : choice.pick(["bot", "other", "third"]);
  return {
    agent,
    ...(choice.oneIn(3) ? { callers: randomCallers(choice, agent) } : {}),
    session: choice.pick(["s-1", "s-2"]),
    environment: choice.pick(["staging", "production"]),
    ...(choice.oneIn(3) ? {} : { requester: choice.pick(REQUESTERS) }),
    action: plan === null ? "no.such" : plan.name,
    args: plan === null ? {} : randomArgs(choice, plan, 12),
    ...(choice.oneIn(20) ? { resources: choice.some(["r", "q", "r/x", "r/alpha"], 0, 2) } : {}),
    at: randomTime(choice),
    ...(choice.oneIn(3) ? {} : { ip: choice.pick(["10.1.2.3", "192.0.2.7", "8.8.8.8"]) }),
    ...(choice.oneIn(3) ? {} : { country: choice.pick(["DE", "FR", "US"]) }),
    ...(choice.oneIn(2) ? {} : { confidence: choice.pick([0.1, 0.5, 0.95]) }),
    ...(choice.oneIn(20) ? {} : { sha256: sha256Hex }),
  };
}

/** Mostly a chain that the agents' `may call` could lead to. */
function randomCallers(choice: Choice, agent: string): readonly string[] {
  if (choice.oneIn(12)) return [choice.pick(["nobody", "other", "third", agent])];
  if (agent === "third") return choice.pick([["bot"], ["other"], ["bot", "other"]]);
  return agent === "other" ? ["bot"] : [];
}

/** Once in `odds` an argument is bad, missing or not declared. */
function randomArgs(choice: Choice, plan: ActionPlan, odds: number): Args {
  const args: { [name: string]: Json } = {};
  for (const { name, optional } of plan.params) {
    const sample = sampleOf(name);
    if (choice.oneIn(optional ? 3 : odds * 2)) {
      if (choice.oneIn(3)) args[plainName(name)] = null;
    } else args[plainName(name)] = choice.pick(choice.oneIn(odds) && sample.bad.length > 0 ? sample.bad : sample.good);
  }
  if (choice.oneIn(odds * 2)) args[choice.pick(["approved", "constructor", "a/b~c"])] = choice.pick([true, null, "x"]);
  return args;
}

/** As the request writes it: without the quotes of the policy. */
function plainName(name: string): string {
  return name.replaceAll('"', "");
}

export function randomState(choice: Choice, { actions }: PolicyPlan, at: number): SessionState {
  const admitted = Array.from({ length: choice.upTo(3) }, () => randomPast(choice, choice.pick(actions), at));
  const salt = choice.upTo(1000);
  const shared = new Set(choice.oneIn(4) ? ["requester", "fleet"] : []);
  return {
    now: at,
    opened_at: at - choice.pick([0, 60_000, 600_000, 3_600_000, 7_200_000]),
    calls: choice.pick([admitted.length, 3, 4]),
    labels: new Set(choice.some(["untrusted", "confidential", "seen"], 0, 3)),
    ...(choice.oneIn(3) ? {} : { task: choice.pick(TASKS) }),
    admitted,
    approvals: new Set(choice.some(["pair", "lead"], 0, 2)),
    roles: new Set(choice.some(["writer", "reader", "booster"], 0, 2)),
    live: new Map(choice.oneIn(3) ? [] : [["vendors", new Set(choice.some(VENDORS, 0, 4))]]),
    used: (limit) => (shared.has(limit.per) ? null : usedBy(limit, salt)),
  };
}

function randomPast(choice: Choice, plan: ActionPlan, at: number): Admitted {
  const args: { [name: string]: Json } = {};
  for (const { name, optional } of plan.params) {
    if (!optional || choice.oneIn(2)) args[plainName(name)] = choice.pick(sampleOf(name).good);
  }
  return { action: plan.name, args, at: at - choice.pick([0, 1000, 600_000, 600_001, 3_600_000]) };
}

/** Some amount that depends on what the counter is about and on nothing else, so that both sides see the same. */
function usedBy({ per, agent, key, window }: LimitSeen, salt: number): bigint {
  const text = JSON.stringify([salt, per, agent, window, keyTexts(key)]);
  let hash = 7;
  for (const unit of text) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) % 1_000_003;
  return [0n, 0n, 500_000n, 1_000_000n, 2_000_000n, 2_500_000n, 9_000_000n, 1_000_000_000n][hash % 8] ?? 0n;
}
