/**
 * Small policies whose every request can be tried: the comparison has to mark exactly the cells in which some request
 * fares differently, in exactly these directions, and has nothing to leave open. `ANALYSIS_RUNS` sets how many pairs.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile, diffPolicies, possibleOutcomes, sha256Hex } from "../../compiler/index.ts";
import { type JsonObject, type Policy, prepare, type Request, type State, type Table } from "../../engine/index.ts";
import { type Choice, choiceOf } from "../reference/choice.ts";
import { fateText, realFate } from "./fate-of.ts";
import { RUNS, SETTINGS } from "./runs.ts";

const AT = Date.UTC(2026, 0, 5, 12);

const HEADER = `policy "small" {
  environments production
  session lifetime 8h idle 30m
  people oidc "https://people.example" audience "p"
  requesters oidc "https://requesters.example" audience "r"
  operators leads
  auditors leads
}
label taint is taint, secret is sensitive
group leads = ["ana@acme.example"]
channel ops = slack secret "OPS"
channel sec = slack secret "SEC"
approval one { approvers leads within 1h }
approval two { approvers leads within 1h }
action act(flag: bool, tag: enum("x", "y"), n: int(min 0, max 3)?, m: int(min 0, max 3), tags: list<enum("x", "y")>(min 0, max 2))
  is read, delete when args.flag
  on "r/{tag}", "q/{tags}" when args.n > 1
`;

const ATOMS = [
  "args.flag",
  'args.tag == "x"',
  "args.n > 1",
  "args.n == 2",
  "args.n is present",
  "args.m <= 1",
  "args.m < args.n",
  "args.m == args.n",
  'every t in args.tags: t == "x"',
  'some t in args.tags: t == "y"',
  "args.tags.size > 1",
  "args.tags contains args.tag",
  "session has taint",
  "session has secret",
  "requester.id in leads",
  "session.calls >= 2",
  'resource like "r/*"',
];

function condition(choice: Choice, depth: number): string {
  if (depth === 0 || choice.oneIn(2)) return choice.pick(ATOMS);
  const parts = [condition(choice, depth - 1), condition(choice, depth - 1)];
  if (choice.oneIn(4)) return `not (${parts[0]})`;
  return `(${parts.join(choice.oneIn(2) ? ") and (" : ") or (")})`;
}

function rule(choice: Choice, every: boolean): string {
  const tier = choice.pick(every ? ["never", "ask", "notify"] : ["allow", "allow", "notify", "ask", "never"]);
  const select = choice.pick(["act", "delete", "*"]);
  const on = choice.oneIn(3) ? ` on ${choice.pick(['"r/x"', '"q/*"', '"**/y"', '"r/**"', '"r/{args.tag}"'])}` : "";
  const guard = choice.oneIn(4) ? "" : ` ${choice.pick(["when", "unless"])} ${condition(choice, 1)}`;
  const to = tier === "notify" ? ` to ${choice.pick(["ops", "sec"])}` : "";
  const via = tier === "ask" ? ` via ${choice.pick(["one", "two", "one and two"])}` : "";
  return `  ${tier} ${select}${on}${guard}${to}${via}`;
}

function policyText(rules: readonly string[], everywhere: readonly string[]): string {
  return [
    HEADER,
    `role r {\n${rules.join("\n")}\n}`,
    `every agent {\n${everywhere.join("\n")}\n}`,
    `agent bot {\n  owner leads\n  purpose "p"\n  roles r\n  identity key ed25519 "Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym8"\n  review by 2027-12-31\n}`,
  ].join("\n");
}

function subsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return items.reduce<readonly (readonly Item[])[]>((all, item) => [...all, ...all.map((one) => [...one, item])], [[]]);
}

const ARGS: readonly JsonObject[] = [true, false].flatMap((flag) =>
  ["x", "y"].flatMap((tag) =>
    [undefined, 0, 1, 2, 3].flatMap((n) =>
      [0, 1, 2, 3].flatMap((m) =>
        [[], ["x"], ["y"], ["x", "x"], ["x", "y"], ["y", "x"], ["y", "y"]].map((tags) => ({
          flag,
          tag,
          ...(n === undefined ? {} : { n }),
          m,
          tags,
        })),
      ),
    ),
  ),
);

const REQUESTERS = [undefined, "ana@acme.example", "bo@acme.example"].map((id) =>
  id === undefined ? {} : { requester: { id, email: id, claims: {} } },
);

/** Every request and state that the rules can tell apart, and more. */
function everyQuestion(each: (request: Request, state: State) => void): void {
  for (const labels of subsets(["taint", "secret"])) {
    for (const calls of [0, 2]) {
      const state: State = {
        now: AT,
        opened_at: AT,
        calls,
        labels: new Set(labels),
        roles: new Set(),
        did: () => false,
        live: () => null,
        used: () => ({ used: 0n, admits_at: null }),
        approved: () => false,
      };
      for (const who of REQUESTERS) {
        for (const args of ARGS) {
          each(
            {
              agent: "bot",
              action: "act",
              session: "s",
              environment: "production",
              at: AT,
              sha256: sha256Hex,
              args,
              ...who,
            },
            state,
          );
        }
      }
    }
  }
}

function tableOf(text: string): Table | null {
  return compile([{ name: "small.agentpolicy", text }]).table;
}

function fatesOf(policy: Policy): readonly string[] {
  const fates: string[] = [];
  everyQuestion((request, state) => {
    const fate = realFate(policy, request, state);
    fates.push(fate === null ? "refused" : fateText(fate));
  });
  return fates;
}

const RANKS: { readonly [tier: string]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

function directions(before: readonly string[], after: readonly string[]): { looser: boolean; stricter: boolean } {
  const found = { looser: false, stricter: false };
  const pairs = new Set(before.map((fate, at) => `${fate} / ${after[at] ?? ""}`));
  for (const pair of pairs) {
    const [old = [], now = []] = pair.split(" / ").map((fate) => fate.split(" "));
    const step = (RANKS[now[0] ?? ""] ?? 0) - (RANKS[old[0] ?? ""] ?? 0);
    // `one` and `two` ask for the same, so one makes up for the other, but not for both; channels are told or not.
    const of = (fate: readonly string[], names: readonly string[]): readonly string[] =>
      fate.filter((word) => names.includes(word));
    const asked = of(now, ["one", "two"]).length - of(old, ["one", "two"]).length;
    const [told, tells] = [of(old, ["ops", "sec"]), of(now, ["ops", "sec"])];
    if (step > 0 || (step === 0 && (asked < 0 || told.some((name) => !tells.includes(name))))) found.looser = true;
    if (step < 0 || (step === 0 && (asked > 0 || tells.some((name) => !told.includes(name))))) found.stricter = true;
  }
  return found;
}

const counts = { pairs: 0, requests: 0, looser: 0, stricter: 0, same: 0 };

test("the comparison of small policies is what trying every request says", { timeout: 60_000 + RUNS * 3000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const rules = Array.from({ length: 1 + choice.upTo(3) }, () => rule(choice, false));
      const everywhere = Array.from({ length: choice.upTo(2) }, () => rule(choice, true));
      const changed = choice.oneIn(2) ? rules.slice(1) : [...rules.slice(1), rule(choice, false)];
      const [one, other] = [policyText(rules, everywhere), policyText(changed, everywhere)];
      const [before, after] = [tableOf(one), tableOf(other)];
      if (before === null || after === null) return;
      const text = `${one}\n--- became ---\n${other}`;
      const [old, now] = [fatesOf(prepare(before)), fatesOf(prepare(after))];
      const [agent] = before.body.agents;
      const [action] = before.body.actions;
      if (agent === undefined || action === undefined) return;
      const { outcomes, inexact } = possibleOutcomes({ table: before, agent, action });
      expect(inexact, text).toBe(null);
      expect([...new Set(outcomes.map(({ fate }) => fateText(fate)))].toSorted(), text).toEqual(
        [...new Set(old)].toSorted(),
      );
      const expected = directions(old, now);
      const { requests, doubts } = diffPolicies(before, after);
      const said = {
        looser: requests.some(({ direction }) => direction === "looser"),
        stricter: requests.some(({ direction }) => direction === "stricter"),
      };
      expect(doubts, text).toEqual([]);
      expect(said, text).toEqual(expected);
      counts.pairs += 1;
      counts.requests += old.length;
      counts.looser += expected.looser ? 1 : 0;
      counts.stricter += expected.stricter ? 1 : 0;
      counts.same += expected.looser || expected.stricter ? 0 : 1;
    }),
    SETTINGS,
  );
  if (process.env["ANALYSIS_RUNS"] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
});
