/** Searches for requests that show a finding may cost a policy so much together, and no more. */
import { expect, test } from "vitest";
import { compile, possibleOutcomes } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

/** Each two of so many numbers are forbidden together: about as many cases as two to this power. */
const NUMBERS = Array.from({ length: 14 }, (_, at) => `n${at}`);

const PAIRS = NUMBERS.flatMap((one, at) =>
  NUMBERS.slice(at + 1).map((other) => `never hard.send when args.${one} > 5 and args.${other} < 3`),
);

function policy(rules: readonly string[]): string {
  return `
policy "p" { environments production session lifetime 8h idle 30m people oidc "https://a.example" audience "x" }
label untrusted is taint, confidential is sensitive
group leads = ["ana@acme.example"]
action mail.read(id: string(max 5)) is read on none yields untrusted, confidential
action easy.send(to: string(max 5)) is external on none
action hard.send(${NUMBERS.map((name) => `${name}: int`).join(", ")}) is external on none
role sender {
  allow mail.read
  ${rules.join("\n  ")}
  allow easy.send when args.to == "x"
}
agent bot {
  owner leads purpose "tests" roles sender review by 2027-12-31
  identity key ed25519 "Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym8"
}`;
}

function openExits(rules: readonly string[]): readonly (readonly [string, boolean])[] {
  const { diagnostics } = compile([{ name: "p.agentpolicy", text: policy(rules) }]);
  return diagnostics
    .filter(({ code }) => code === "AP4013")
    .map(({ message, witness }) => [message.split("`")[1] ?? "", witness !== undefined] as const);
}

test("a search that takes all there is leaves the next findings, but without a request", () => {
  expect(openExits([])).toEqual([["easy.send", true]]);
  expect(openExits(["allow hard.send"])).toEqual([
    ["hard.send", true],
    ["easy.send", true],
  ]);
  expect(openExits(["allow hard.send", ...PAIRS])).toEqual([
    ["hard.send", true],
    ["easy.send", false],
  ]);
});

test("what is looked at is taken from the effort, and without effort nothing is called exact", () => {
  const { table } = compile([{ name: "p.agentpolicy", text: policy(["allow hard.send", ...PAIRS]) }]);
  if (table === null) throw new Error("the policy doesn't compile");
  const ample = { left: 1e9 };
  const bare = possibleOutcomes(cell(table, "easy.send"), { effort: ample });
  expect(bare.outcomes.map(({ fate }) => fate.tier).toSorted()).toEqual(["allow", "deny"]);
  expect(bare.inexact).toBeNull();
  expect(ample.left).toBeLessThan(1e9);

  const little = { left: 2_000 };
  const { outcomes, inexact } = possibleOutcomes(cell(table, "hard.send"), { effort: little });
  expect(inexact).toBe("too many cases");
  expect(outcomes).toEqual([]);
  expect(little.left).toBeLessThanOrEqual(0);
  // The row that was being looked at when it ended is finished.
  expect(little.left).toBeGreaterThan(-2_000);
});

function cell(table: Table, name: string): Parameters<typeof possibleOutcomes>[0] {
  const [agent] = table.body.agents;
  const action = table.body.actions.find((one) => one.name === name);
  if (agent === undefined || action === undefined) throw new Error(`the policy has no \`${name}\``);
  return { table, agent, action };
}
