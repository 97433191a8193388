/** Whole policies with one name exchanged everywhere: nothing gets looser, and nothing may. */
import { expect, test } from "vitest";
import { compile, diffPolicies } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";

function tableOf(text: string): Table | null {
  return compile([{ name: "p.agentpolicy", text }]).table;
}

/** Outside of strings, of longer names, and of names of actions and arguments. */
function renamed(text: string, name: string): string {
  const word = new RegExp(`"[^"\n]*"|(?<![\\w.-])${name}(?![\\w.-])`, "g");
  return text.replace(word, (found) => (found === name ? `${name}_renamed` : found));
}

test.each(["parse/acme-sales.agentpolicy", "compile/whole-language.agentpolicy"])("%s", { timeout: 60_000 }, (file) => {
  const { text } = readCorpus(file);
  const before = tableOf(text);
  if (before === null) throw new Error("the policy has errors");
  const { blocks, groups, approvals, channels, labels, sets, schedules, breakers, canaries, gateways } = before.body;
  const roles = blocks.filter(({ kind }) => kind === "role");
  const names = [roles, groups, approvals, channels, labels, sets, schedules, breakers, canaries, gateways]
    .flat()
    .map(({ name }) => name);
  const compared = [...new Set(names)].flatMap((name) => {
    const after = tableOf(renamed(text, name));
    if (after === null) return [];
    const { requests, settings, doubts } = diffPolicies(before, after);
    return [{ name, requests, settings, doubts }];
  });
  expect(compared.length).toBeGreaterThan(names.length / 2);
  const same = { requests: [], settings: [], doubts: [] };
  expect(compared).toEqual(compared.map(({ name }) => ({ name, ...same })));
});

const POLICY = `policy "acme" {
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
  operators leads
  auditors leads
}
group leads = ["ana@acme.example", "li@acme.example"]
set hosts = ["acme.example"]
live set vendors editors leads
approval pair { approvers leads quorum 2 within 1h }
action mail.send(to: list<email>(min 1, max 5), body: string(max 100))
  is external
  on none
role writer {
  allow mail.send when every one in args.to: one.domain in hosts
  ask mail.send when args contain secrets via pair
  never mail.send when args.body in vendors
  limit mail.send to 20 in 1h per agent
}
agent bot {
  owner leads
  purpose "Writes"
  roles helper
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
  may become writer via pair for 30m
}
role helper { allow mail.send when args.to.size == 1 }
`;

test.each<readonly [change: string, from: string, to: string, said: readonly string[]]>([
  ["nothing else", "", "", []],
  [
    "a limit",
    "to 20 in",
    "to 30 in",
    ["looser: agent `bot`: `limit mail.send to 30 in 1h per agent` counts to 20 → 30"],
  ],
  ["how long it is gained", "for 30m", "for 2h", ["looser: agent `bot` may become `author` for 30m → 2h"]],
  ["a restriction", "  never mail.send when args.body in vendors\n", "", ["newly allowed: mail.send"]],
  ["a quorum", "quorum 2", "quorum 1", ["looser: approval `pair` quorum 2 → 1"]],
])("a role and an approval renamed, and with them %s", (_, from, to, said) => {
  const text = POLICY.replace(from, to).replaceAll("writer", "author").replaceAll("pair", "duo");
  const [before, after] = [tableOf(POLICY), tableOf(text)];
  if (before === null || after === null) throw new Error("the policy has errors");
  const { requests, settings, doubts, notes } = diffPolicies(before, after);
  expect([
    ...requests.map(({ kind, action }) => `${kind}: ${action}`),
    ...settings.map(({ direction, what, change }) => `${direction}: ${what} ${change}`),
    ...doubts.filter(({ direction }) => direction === "looser").map(({ action }) => `may be looser: ${action}`),
  ]).toEqual(said);
  expect(notes).toEqual([expect.stringContaining("`author`"), expect.stringContaining("`duo`")]);
});
