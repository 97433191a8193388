/** Proofs over policies too big to be looked at whole: told as undecided, or broken by what was seen, but never held. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";

const HEAD = `policy "p" {
  operators ops
  people oidc "https://login.example" audience "people"
}
group ops = ["o@acme.example"]
action x.go(s: string, o: string) is write on none
agent a {
  owner ops
  purpose "x"
  roles r
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-06-30
}
`;

function proofErrors(text: string): readonly string[] {
  const { diagnostics } = compile([{ name: "bounded.agentpolicy", text }]);
  return diagnostics.filter(({ level }) => level === "error").map(({ code }) => code);
}

/** Only the last rule asks for less than it should. */
function manyTests(count: number): string {
  const rules = Array.from(
    { length: count },
    (_, at) =>
      `  never x.go when args.s contains "k${at}" and not args.s ends with "z${at}" and args.o starts with "${at}"`,
  );
  return `${HEAD}role r {\n${rules.join("\n")}\n  allow x.go\n  limit x.go to 9 in 1h per agent\n}\n`;
}

describe("a policy with more tests of a text than can be told apart", { timeout: 60_000 }, () => {
  test.each([40, 400, 2000])("isn't proven strict: %i rules", (count) => {
    const [code, ...others] = proofErrors(`${manyTests(count)}prove "p" { x.go => at least never }\n`);
    expect(["AP6001", "AP6002"]).toContain(code);
    expect(others).toEqual([]);
  });
});

describe("a claim", () => {
  test.each(["*", "x.*", "write", "x.go", "*, x.go"])("names actions as a rule does: %s", (selectors) => {
    const text = `${HEAD}role r {\n  ask x.go via one\n}\napproval one { approvers ops within 1h }\n`;
    expect(proofErrors(`${text}prove "p" { ${selectors} => at least ask via one }\n`)).toEqual([]);
    expect(proofErrors(`${text}prove "p" {\n  no agent can x.go and x.go\n  ${selectors} => at most ask\n}\n`)).toEqual(
      ["AP6001"],
    );
  });
});
