/** Which grants the patch of `audit unused` takes away, and which it leaves. */
import { expect, test } from "vitest";
import { compile, findUnused, readLogs, type UnusedGrant } from "../../compiler/index.ts";

const KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";

const POLICY = `policy "test" { session lifetime 1h idle 30m }
group leads = ["lea@corp.example"]
approval review { approvers leads }
action a.read(id: string(max 9)) is read on "a/{id}"
action a.write(id: string(max 9)) is write on "a/{id}"

role reading { allow a.read }
role writing {
  allow a.write
}
role strict {
  allow a.write
  never a.read on "a/secret"
}
role one_line { allow a.read allow a.write }
role spare { allow a.write }
role later { allow a.write }

agent lone {
  owner "lea@corp.example"
  purpose "Is tested"
  roles reading, writing, spare, strict, one_line
  identity key ed25519 "${KEY.slice(0, -1)}A"
  may call other for a.*
  may call helper for a.read
  may become later via review for 1h
  ask a.write via review
  review by 2099-12-31
}
agent helper {
  owner "lea@corp.example"
  purpose "Is tested"
  roles reading
  identity key ed25519 "${KEY.slice(0, -1)}E"
  review by 2099-12-31
}
agent other {
  owner "lea@corp.example"
  purpose "Is tested"
  roles reading
  identity key ed25519 "${KEY.slice(0, -1)}I"
  review by 2099-12-31
}
`;

let records = 0;
const line = (record: object, args: object | null = null): string => {
  records++;
  const common = {
    seq: records,
    session: "ses_1",
    at: "2026-11-20T10:00:00.000Z",
    prev: records === 1 ? null : `h${records - 1}`,
  };
  return JSON.stringify({
    record: {
      ...common,
      agent: "lone",
      chain: ["lone"],
      hash: `h${records}`,
      args_mac: args === null ? null : "m",
      ...record,
    },
    args: args === null ? null : JSON.stringify(args),
  });
};
const LOG = [
  line({ kind: "session.opened", environment: "production", requester: null, task: null, labels: [] }),
  line(
    {
      kind: "decision",
      action: "a.read",
      decision: "allow",
      facts: {
        at: "2026-11-20T10:00:00.000Z",
        stated: null,
        named: null,
        inexact: false,
        approved: [],
        roles: [],
        live: [],
        counts: [],
      },
    },
    { id: "x" },
  ),
  line({ kind: "session.closed", agent: "helper", chain: ["lone", "helper"] }),
];

function unused(): { readonly patch: string; readonly lone: readonly UnusedGrant[] } {
  const sources = [{ name: "p.agentpolicy", text: POLICY }];
  const { table, diagnostics } = compile(sources);
  if (table === null) throw new Error(JSON.stringify(diagnostics));
  const report = findUnused({ table, sources, options: {} }, readLogs(LOG), 0);
  return { patch: report.patch, lone: report.agents.find(({ agent }) => agent === "lone")?.unused ?? [] };
}

test("takes roles, calls and becomings that nobody used, and leaves what restricts", () => {
  const { patch, lone } = unused();
  expect(lone.map(({ kind, text, kept }) => `${kind} ${text}: ${kept ?? "gone"}`).toSorted()).toEqual([
    "may become later: gone",
    "may call other: gone",
    "role spare: gone",
    "role strict: what the role restricts would go with it",
    "role writing: gone",
    "rule allow a.write: it shares its line with something else",
    "rule ask a.write via review: it restricts too, where something else grants the same",
  ]);
  expect(patch.split("\n").filter((text) => /^[-+][^-+]/.test(text))).toEqual([
    "-  roles reading, writing, spare, strict, one_line",
    "+  roles reading, strict, one_line",
    "-  may call other for a.*",
    "-  may become later via review for 1h",
  ]);
});
