/** A rule that no request can meet is a finding, whatever makes it impossible; one that some request meets is none. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";

function codesOf(rule: string, more = ""): readonly string[] {
  const text = `
    policy "p" { environments production  people oidc "https://login.acme.example" audience "people" }
    set nothing = []
    set some    = ["USD"]
    schedule weekdays = mon-fri 09:00-18:00 "Europe/Berlin"
    schedule weekends = sat-sun 09:00-18:00 "Europe/Berlin"
    group leads = ["ana@acme.example"]
    approval lead { approvers leads }
    action pay(amount: int(min 1, max 100), currency: enum("EUR", "USD"), note: string(max 10), host: host)
      is write, external
      on "pay/{host}"
    role payer {
      allow pay when args.amount <= 50
      ${rule}
      limit pay to 3 in 1h per agent
    }
    ${more}
    agent bot {
      owner leads  purpose "Pays"  roles payer
      identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
      review by 2027-01-31
    }`;
  const { diagnostics } = compile([{ name: "p.agentpolicy", text }], { today: Date.UTC(2026, 10, 21) });
  expect(diagnostics.filter(({ level }) => level === "error")).toEqual([]);
  return diagnostics.filter(({ code }) => /^AP41(00|01|02)$/.test(code)).map(({ code, level }) => `${code} ${level}`);
}

const IMPOSSIBLE: readonly string[] = [
  "allow pay when args.note.length > 20",
  "never pay when args.amount > 200",
  "never pay when args.currency in nothing",
  "never pay when session.age > 30d",
  'ask pay when args.note starts with "a" and args.note starts with "b" via lead',
  'never pay when environment != "production"',
  'never pay on "pay/UP*"',
  "allow pay when args.amount > 60 until 2026-11-01",
  "never pay when during weekdays and during weekends",
  'never pay when args.currency == "EUR" and args.currency in some',
];

test.each(IMPOSSIBLE)("%s", (rule) => {
  expect(codesOf(rule)).toEqual(["AP4100 warning"]);
});

const POSSIBLE: readonly string[] = [
  "never pay when args.note.length > 5",
  "never pay when args.amount > 99",
  "never pay when args.currency in some",
  "never pay when session.age > 1h",
  'ask pay when args.note starts with "a" and args.note ends with "b" via lead',
  'never pay on "pay/up*"',
  "never pay when during weekdays",
  "allow pay when args.amount > 60 until 2026-12-01",
  "never pay when during weekends and args.amount > 10",
];

test.each(POSSIBLE)("nothing is said of: %s", (rule) => {
  expect(codesOf(rule)).toEqual([]);
});

test("of a restriction that also guards actions to come it is a note", () => {
  expect(codesOf("", "every agent { never write when args.amount > 200 }")).toEqual(["AP4100 note"]);
});

test("more cases and rules than can be tried one by one are told all the same", () => {
  const many = Array.from(
    { length: 120 },
    (_, at) => `never pay when args.note == "n${at}" and args.amount == ${(at % 90) + 1}`,
  );
  expect(codesOf(`${many.join("\n")}\nnever pay when args.amount > 100`)).toEqual(["AP4100 warning"]);
});
