/** What `new-check.ts` writes. */

export function checkText(name: string, code: string): string {
  const title = name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `/** ${code}: TODO what is wrong with the policy, in one sentence, and what it leads to. */
import type { ResolvedRule } from "../program.ts";
import type { CheckContext } from "./check.ts";

export function check${title}({ program, report }: CheckContext): void {
  for (const rule of program.blocks.flatMap((block) => [...block.rules])) {
    if (rule.trial || !is${title}(rule)) continue;
    report.warning("${code}", {
      span: rule.node.tierSpan,
      message: "TODO what is wrong: lower case, names in backticks, no full stop",
      label: "TODO what stands under the carets",
      help: "TODO what to do",
    });
  }
}

/** TODO: say when it is. */
function is${title}(rule: ResolvedRule): boolean {
  return rule.actions.length < 0;
}
`;
}

export function pageText(code: string): string {
  return `# ${code}: TODO what is wrong, in a few words

## Avoid

\`\`\`agentpolicy
role clerks {
  allow crm.contacts.read
  limit crm.contacts.read to 100 in 1h per agent
}
\`\`\`

## Prefer

\`\`\`agentpolicy
role clerks {
  allow crm.contacts.read
  limit crm.contacts.read to 100 in 1h per agent
}
\`\`\`

## Why

TODO what happens to somebody who leaves it as it is.
`;
}

export function corpusText(name: string): string {
  return `policy "${name}" { people oidc "https://login.acme.example" audience "people" operators leads auditors leads }

group leads = ["ana@acme.example", "li@acme.example"]

action a.read(id: string) is read on "a/{id}"

role r {
  // TODO what is found, and beside it what is nearly the same and isn't
  allow a.read
}

every agent { limit * to 60 in 1m per agent }

agent bot {
  owner    leads
  purpose  "Works"
  roles    r
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review   by 2027-11-30
}
`;
}
