import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import type { IdentityClaim } from "../../engine/index.ts";

const values = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 2 });
const claims = fc.uniqueArray(fc.record({ name: fc.constantFrom("sub", "repo", "env"), values }), {
  minLength: 1,
  selector: ({ name }) => name,
});

/** As the language's page says it: some claim that both name, and no value of it in common. */
function differ(left: readonly IdentityClaim[], right: readonly IdentityClaim[]): boolean {
  return left.some(({ name, values: mine }) =>
    right.some((other) => other.name === name && !other.values.some((value) => mine.includes(value))),
  );
}

function policyOf(all: readonly (readonly IdentityClaim[])[]): string {
  const sets = all.flatMap((identity, at) =>
    identity.map(({ name, values: members }) => `set s${at}_${name} = ${JSON.stringify(members)}`),
  );
  const agents = all.map(
    (identity, at) => `agent a${at} { owner leads purpose "p" roles r review by 2030-01-01
      identity oidc "https://issuer.example" { ${identity.map(({ name }) => `${name} in s${at}_${name}`).join(" ")} } }`,
  );
  const ground = 'policy "p" {} group leads = ["ana@acme.example"] action x() is read on none role r { allow x }';
  return [ground, ...sets, ...agents].join("\n");
}

test("of several identities of one issuer, exactly those are refused that one before could be taken for", () => {
  fc.assert(
    fc.property(fc.array(claims, { minLength: 1, maxLength: 6 }), (all) => {
      const text = policyOf(all);
      const { diagnostics } = compile([{ name: "p.agentpolicy", text }]);
      const refused = diagnostics.filter(({ code }) => code === "AP5103").map(({ span }) => text.slice(0, span.start));
      const expected = all.flatMap((one, at) => (all.slice(0, at).some((other) => !differ(one, other)) ? [at] : []));
      expect(refused.map((before) => before.split("agent a").length - 2)).toEqual(expected);
      expect(diagnostics.filter(({ level }) => level === "error")).toHaveLength(expected.length);
    }),
    { numRuns: 200 },
  );
});
