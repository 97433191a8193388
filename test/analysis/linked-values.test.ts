/** Values compared with one another: what some request can fulfil is never taken for impossible. */
import { describe, expect, test } from "vitest";
import { compile, runTests } from "../../compiler/index.ts";

const HEADER = `policy "p" {
  operators ops
  people oidc "https://login.example" audience "people"
  requesters oidc "https://login.example" audience "agents"
}
set words = ["alpha", "beta"]
set doms = ["a.example", "b.example"]
group ops = ["o@acme.example"]
group leads = ["ana@acme.example", "li@acme.example"]
live set vendors editors ops
`;

interface Possible {
  readonly params: string;
  readonly when: string;
  /** A call that fulfils it, and for whom. */
  readonly call: string;
  readonly person?: string;
}

const POSSIBLE: readonly Possible[] = [
  {
    params: "s: string, o: string",
    when: "args.s != args.o and args.s in words and args.o in words",
    call: 's: "alpha", o: "beta"',
  },
  { params: "e: email", when: "args.e.local.length > 20", call: 'e: "abcdefghijklmnopqrstuvwxyz@x.example"' },
  {
    params: "e: email, le: list<email>",
    when: "args.e in args.le and args.e.domain in doms",
    call: 'e: "k@a.example", le: ["k@a.example"]',
  },
  { params: "e: email", when: "requester.id in leads and args.e == requester.id", call: 'e: "ana@acme.example"' },
  { params: 's: string, en: enum("a", "B")', when: "args.s == args.en", call: 's: "B", en: "B"' },
  {
    params: "h: host, u: url",
    when: "args.h != args.u.host and args.h in doms and args.u.host in doms",
    call: 'h: "a.example", u: "https://b.example/"',
  },
  {
    params: "ls: list<string>",
    when: "(some z in args.ls: z in vendors) and (some z in args.ls: not z in vendors)",
    call: 'ls: ["q", "z"]',
  },
  {
    params: "e: email",
    when: "requester.id == args.e and args.e.domain in doms",
    call: 'e: "ana@b.example"',
    person: "ana@b.example",
  },
  {
    params: "s: string, ls: list<string>",
    when: "(every z in args.ls: z != args.s) and args.s in words and (every q in args.ls: q in words)",
    call: 's: "alpha", ls: ["beta"]',
  },
  {
    params: "e: email",
    when: "args.e in leads and requester.id in leads and requester.id != args.e",
    call: 'e: "li@acme.example"',
  },
  {
    params: "s: string, o: string",
    when: "args.s in vendors and not args.o in vendors",
    call: 's: "q", o: "z"',
  },
  {
    params: "s: string, ls: list<string>(min 2, max 2)",
    when: "(some z in args.ls: z == args.s) and (some z in args.ls: z != args.s) and (every z in args.ls: z in words)",
    call: 's: "alpha", ls: ["alpha", "beta"]',
  },
  {
    params: "a: string, b: string, c: string",
    when: "args.a != args.b and args.b != args.c and args.a != args.c and args.a in words and args.b in words",
    call: 'a: "alpha", b: "beta", c: "x"',
  },
  {
    params: "xs: list<string>, ys: list<string>",
    when: "(every x in args.xs: x in args.ys) and (every x in args.xs: x in words) and args.xs.size > 0",
    call: 'xs: ["alpha"], ys: ["alpha"]',
  },
  { params: "a: int(min 0, max 9), b: int(min 5, max 9)", when: "args.a == args.b and args.b > 7", call: "a: 8, b: 8" },
];

function policyText({ params, when, call, person }: Possible): string {
  return `${HEADER}
action one.go(${params}) is write, external on none
role r {
  allow one.go when ${when}
  limit * to 100 in 1h per agent
}
agent a {
  owner ops
  purpose "x"
  roles r
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-06-30
}
prove "it is never possible" { one.go => at least never }
test "but it is" {
  agent a for "${person ?? "ana@acme.example"}"
  given set vendors has "q"
  one.go(${call}) => allow
}
`;
}

/** Codes of the errors with the proof, and how many tests fail without it. */
function outcomeOf(text: string): { readonly diagnostics: readonly string[]; readonly failed: number } {
  const { diagnostics } = compile([{ name: "linked.agentpolicy", text }]);
  const errors = diagnostics.filter(({ level }) => level === "error").map(({ code }) => code);
  const without = text.replace(/^prove .*$/m, "");
  return { diagnostics: errors, failed: runTests(compile([{ name: "linked.agentpolicy", text: without }])).failed };
}

describe("what a request can fulfil", () => {
  test.each(POSSIBLE)("isn't proven impossible: $when", (possible) => {
    const text = policyText(possible);
    const { diagnostics, failed } = outcomeOf(text);
    expect(failed, text).toBe(0);
    expect(diagnostics.filter((code) => code === "AP6001" || code === "AP6002").length, diagnostics.join(" ")).toBe(1);
    expect(
      diagnostics.filter((code) => !code.startsWith("AP6")),
      text,
    ).toEqual([]);
  });
});
