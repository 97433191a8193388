/** Requests and sessions for the policy of the whole language, by what of it they use. */
import { canonicalArgs, decide, match, type Policy, type Request, sameHolds, type State } from "../../engine/index.ts";
import type { Racer } from "./measure.ts";
import { type Random, seeded } from "./random.ts";
import { hash, wholePolicy } from "./whole-policy.ts";

export interface WholeKind {
  readonly name: string;
  readonly policy: Policy;
  readonly state: State;
  readonly requests: readonly Request[];
}

/** Requests of each kind. */
const REQUESTS = 64;
/** A Monday noon in Berlin. */
const NOON = Date.UTC(2026, 10, 23, 11);

type Draw = (random: Random) => Pick<Request, "action" | "args"> & Partial<Request>;

const PEOPLE = ["ana@whole.example", "li@whole.example", "kim@whole.example"];

const fetch: Draw = (random) => {
  const host = `partner-${1 + random.int(6)}.example`;
  return { action: "web.fetch", args: { url: `https://${host}/page/${random.int(9)}` } };
};
const readCrm: Draw = (random) => ({
  action: "crm.read",
  args: { id: `c-${random.int(40)}`, full: random.int(2) === 0 },
});
const send: Draw = (random) => {
  const to = [...new Set([random.pick(PEOPLE), random.pick(PEOPLE), random.pick(PEOPLE)])];
  return { action: "mail.send", args: { to, subject: "Your order", body: "It has left our house today. ".repeat(20) } };
};
const restart: Draw = (random) => ({ action: "srv.restart", args: { host: `web-${random.int(9)}.whole.example` } });

const KINDS: readonly (readonly [string, Draw, Partial<State>, { readonly canaries: boolean }?])[] = [
  ["no stateful row", (random) => ({ action: "doc.read", args: { id: `public-${random.int(99)}`, section: "a" } }), {}],
  ["no stateful row, a schedule", () => ({ action: "doc.read", args: { id: "team", section: "b" } }), {}],
  ["labels and what was done", readCrm, { labels: new Set(["untrusted"]) }],
  ["task mentions, a limit, a rule on trial", fetch, {}],
  ["quantifier, several resources", send, {}],
  [
    "total per currency",
    (random) => ({
      action: "pay.refund",
      args: { order: `o-${random.int(99)}`, amount: random.int(9000) / 100, currency: random.pick(["EUR", "USD"]) },
    }),
    {},
  ],
  ["live set", (random) => ({ action: "vendor.pay", args: { vendor: `v-${random.int(9)}`, amount: 99.5 } }), {}],
  ["a role not gained", restart, {}],
  ["a role gained", restart, { roles: new Set(["keeper"]) }],
  ["a chain of two", (random) => ({ ...readCrm(random), callers: ["boss"] }), {}],
  ["a chain of two, several resources", (random) => ({ ...send(random), callers: ["boss"] }), {}],
  ["canaries looked for", send, {}, { canaries: true }],
];

export function wholeKinds(seed: number): readonly WholeKind[] {
  const plain = wholePolicy({ canaries: false });
  const watching = wholePolicy({ canaries: true });
  return KINDS.map(([name, draw, change, watched], at) => {
    const random = seeded(seed * 101 + at);
    const policy = watched?.canaries === true ? watching : plain;
    const requests = Array.from({ length: REQUESTS }, () => requestOf(draw(random)));
    return { name, policy, state: { ...stateOf(policy), ...change }, requests };
  });
}

function requestOf(drawn: ReturnType<Draw>): Request {
  const base = { agent: "helper", session: "ses_1", environment: "production", at: NOON, sha256: hash };
  // Texts come over a wire: none is the very object that the table was built from.
  return { ...base, ...drawn, args: JSON.parse(JSON.stringify(drawn.args)) as Request["args"] };
}

/** A session that has done something. */
function stateOf({ table }: Policy): State {
  const read = table.body.actions.find(({ name }) => name === "crm.read");
  if (read === undefined) throw new Error("the policy has lost an action");
  const done = canonicalArgs(read, { id: "c-7", full: true });
  const vendors = new Set(["v-1", "v-2", "v-3", "v-4"]);
  return {
    now: NOON,
    opened_at: NOON - 600_000,
    calls: 12,
    labels: new Set(),
    roles: new Set(),
    task: "Look at https://partner-4.example/page/3 and write to ana@whole.example about it.",
    did: (action, same, within) => action === "crm.read" && within !== 0 && sameHolds(same, done),
    live: (_set, value) => vendors.has(value),
    used: () => ({ used: 3_000_000n, admits_at: NOON }),
    approved: () => false,
  };
}

export function racerOf({ name, policy, state, requests }: WholeKind): Racer {
  return {
    name,
    note: "",
    calls: requests.length,
    decide: (at) => {
      const request = requests[at];
      if (request === undefined) throw new Error("there is no such request");
      return decide(match(policy, request), state).decision === "allow";
    },
  };
}

/** Does nothing that the session knows play a part in it? */
export function isStateless(policy: Policy, request: Request): boolean {
  const { rows, limits, yields } = match(policy, request);
  const settled = rows.every((row) => typeof row.grants === "boolean" && typeof row.restricts === "boolean");
  return settled && limits.length === 0 && yields.every(({ holds }) => typeof holds === "boolean");
}
