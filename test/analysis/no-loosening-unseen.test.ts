/**
 * Whole policies, each single thing of them made looser, one at a time: the comparison says of every one that the policy
 * is or may be looser. What it doesn't is listed here with its reason.
 */
import { describe, expect, test } from "vitest";
import { compile, diffPolicies, type PolicyDiff } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";
import { looseActions } from "./loosen/loosen-actions.ts";
import { looseAgents } from "./loosen/loosen-agents.ts";
import { EVERYBODY, looseApprovals, looseNames, looseSettings } from "./loosen/loosen-people.ts";
import { looseRules } from "./loosen/loosen-rules.ts";
import { tableWith } from "./loosen/loosening.ts";

const PARTS = [looseRules, looseActions, looseApprovals, looseSettings, looseAgents];

const ONLY_GRANTED = "only grants are about the class, so without it less is granted";
const REFERRED_TO = "nothing refers to it yet";
const ASKED_ANYWAY = "the rule beside it with `unless` asks for what this one would grant";
const ASKS_FOR_MORE = "an `ask` also binds what others grant: without its condition it asks for all of it";

/** By file; each exception with why it loosens nothing. */
const POLICIES: readonly (readonly [file: string, exceptions: { readonly [name: string]: string }])[] = [
  [
    "parse/acme-sales.agentpolicy",
    {
      "group everybody": REFERRED_TO,
      "crm.contacts.read isn't read": ONLY_GRANTED,
      "web.fetch isn't read": ONLY_GRANTED,
      "email.send isn't irreversible": "no rule is about the class",
      "payments.refund isn't spend": "no rule is about the class",
      "dropped: never delete": "no action is of the class: the rule guards the future",
      "trial: never delete": "no action is of the class: the rule guards the future",
      'without `on`: allow read on "crm/**"': "the one other action that reads is allowed by a rule of its own",
      "without its condition: allow payments.refund when args.amount <= 50 and during office_hours": ASKED_ANYWAY,
      "without its condition: notify email.send when internal(args.to) to ops": ASKED_ANYWAY,
      "without its condition: ask email.send unless internal(args.to) via lead_review": ASKS_FOR_MORE,
      "without its condition: ask payments.refund unless args.amount <= 50 and during office_hours via finance_pair":
        ASKS_FOR_MORE,
    },
  ],
  [
    "compile/whole-language.agentpolicy",
    {
      "group everybody": REFERRED_TO,
      "set repositories": "only identities name it, and the table holds its members in their place",
      "web.fetch isn't read": "a rule of its own allows it, and no restriction is about the class",
    },
  ],
];

describe.each(POLICIES)("%s", (file, exceptions) => {
  const compiled = tableOf(file);
  const body = { ...compiled.body, groups: [...compiled.body.groups, EVERYBODY] };
  const table = tableWith(compiled, body);

  test("is no looser than itself", () => {
    expect(diffPolicies(table, tableWith(compiled, body)).looser).toBe(false);
  });

  test("can't be loosened unseen", { timeout: 240_000 }, () => {
    const found = new Map<string, Finding>();
    const changes = PARTS.flatMap((part) => part(table.body)).map((one) => ({ name: one.name, bodies: [one.body] }));
    for (const { name, bodies } of [...changes, ...looseNames(table.body)]) {
      const findings = bodies.map((one) => findingOf(diffPolicies(table, tableWith(table, one))));
      found.set(name, FINDINGS.find((one) => findings.includes(one)) ?? "nothing");
    }
    const named = (which: Finding): readonly string[] => [...found.keys()].filter((name) => found.get(name) === which);
    const argued = Object.keys(exceptions);
    expect(named("nothing").filter((name) => !argued.includes(name))).toEqual([]);
    // What can't be decided may be a doubt; what is argued to loosen nothing is never shown to.
    expect(argued.filter((name) => found.get(name) === undefined || found.get(name) === "looser")).toEqual([]);
    expect(named("looser").length).toBeGreaterThan(found.size / 2);
  });
});

const FINDINGS = ["looser", "may be looser", "nothing"] as const;
type Finding = (typeof FINDINGS)[number];

function findingOf({ requests, settings, looser }: PolicyDiff): Finding {
  if ([...requests, ...settings].some(({ direction }) => direction === "looser")) return "looser";
  return looser ? "may be looser" : "nothing";
}

function tableOf(file: string): Table {
  const { table, diagnostics } = compile([readCorpus(file)]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}
