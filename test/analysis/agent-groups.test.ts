/** Agents are looked at together only where nothing that decides can tell them apart. */
import { describe, expect, test } from "vitest";
import { agentGroups } from "../../compiler/analysis/space/agent-groups.ts";
import { compile } from "../../compiler/index.ts";

const POLICY = `policy "p" { environments production }

label untrusted is taint
group leads = ["ana@acme.example"]
define is_beta() = agent.id == "beta"

action files.read(file: path)
  is read
  on "files/{file}"

role reader {
  allow files.read
}

role other {}

agent alpha {
  owner leads
  purpose "Reads"
  roles reader
  identity key ed25519 "YWxwaGFhbHBoYWFscGhhYWxwaGFhbHBoYWFscGhhYWw"
  review by 2027-11-30
}

agent beta {
  owner leads
  purpose "Reads too"
  roles reader
  identity key ed25519 "YmV0YWJldGFiZXRhYmV0YWJldGFiZXRhYmV0YWJldGE"
  review by 2027-11-30
}

agent third {
  owner leads
  purpose "Does other things"
  roles other
  identity key ed25519 "dGhpcmR0aGlyZHRoaXJkdGhpcmR0aGlyZHRoaXJkdGg"
  review by 2027-11-30
}
`;

function together(from: string, to: string): boolean {
  const text = POLICY.replace(from, to);
  const { table, diagnostics } = compile([{ name: "p.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return agentGroups(table).some((group) => group.length > 1);
}

const APART: readonly (readonly [name: string, from: string, to: string])[] = [
  ["a rule's condition", "  allow files.read", '  allow files.read when agent.id == "beta"'],
  ["a rule's condition, inside a define", "  allow files.read", "  allow files.read when is_beta()"],
  ["a rule's resource", "  allow files.read", '  allow files.read on "files/{agent.id}/**"'],
  [
    "a limit's condition",
    "  allow files.read",
    '  allow files.read\n  limit read when agent.id == "beta" to 3 per session',
  ],
  ["a label that is yielded", '  on "files/{file}"', '  on "files/{file}"\n  yields untrusted when agent.id == "beta"'],
  ["what one of them may call", '  purpose "Reads too"\n', '  purpose "Reads too"\n  may call third for files.read\n'],
  ["rules of its own", '  purpose "Reads too"\n', '  purpose "Reads too"\n  never files.read on "files/x"\n'],
];

describe("agents", () => {
  test("that are alike are looked at together", () => {
    expect(together("", "")).toBe(true);
  });

  test("are so too where a text only names the fact", () => {
    expect(together("role other", '/// "agent.id"\nrole other')).toBe(true);
  });

  test.each(APART)("are told apart by %s", (_, from, to) => {
    expect(together(from, to)).toBe(false);
  });
});
