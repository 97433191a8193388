/** AP4106, AP4107 and AP4108: people who are needed and whom nobody could recognise, or whom nobody named. */
import type { PolicyDeclaration, Span } from "../../dsl/index.ts";
import type { Program } from "../program.ts";
import type { CheckContext } from "./check.ts";

export function checkMissingPeople({ program, names, used, report }: CheckContext): void {
  if (names.policy === null) return;
  const { settings } = program;
  if (settings.requesters === null) reportRequesters(program, names, report);
  if (settings.people === null) reportPeople(program, used, names.policy, report);
  else if (program.agents.length > 0) reportOffices(program, names.policy, report);
}

/** AP4106: what rests on a verified requester, in a policy that verifies none. One setting is missing: one message. */
function reportRequesters(program: Program, names: CheckContext["names"], report: CheckContext["report"]): void {
  const [first, ...others] = needsOfRequester(program, names);
  if (!first) return;
  report.warning("AP4106", {
    span: first.span,
    message: `${first.what} needs a requester, and this policy can't verify any`,
    label: first.consequence,
    related: others.map(({ span, consequence }) => ({ span, label: consequence })),
    help: 'add to the `policy` block: `requesters oidc "https://…" audience "…"`',
  });
}

interface RequesterNeed {
  readonly what: string;
  readonly consequence: string;
  readonly span: Span;
}

function needsOfRequester(program: Program, names: CheckContext["names"]): readonly RequesterNeed[] {
  const agents = [...names.by.agent.values()].flatMap((node) => {
    const item = node.items.find((candidate) => candidate.kind === "RequesterRequired");
    return item ? [{ what: `\`${node.name.value}\``, consequence: "it is denied everything", span: item.span }] : [];
  });
  const limits = program.blocks
    .flatMap((block) => [...block.limits])
    .filter((limit) => limit.per === "requester")
    .map(({ node }) => ({ what: "this limit", consequence: "whatever it counts is denied", span: node.per.span }));
  const approvals = program.approvals
    .filter(({ row }) => row.requester)
    .map(({ row, span }) => ({ what: `approval \`${row.name}\``, consequence: "nobody can confirm it", span }));
  return [...agents, ...limits, ...approvals];
}

/** AP4107: without `people` nobody can sign in to decide, to stop an agent or to read what happened. */
function reportPeople(
  program: Program,
  used: ReadonlySet<string>,
  policy: PolicyDeclaration,
  report: CheckContext["report"],
): void {
  const asked = program.approvals.some(({ row }) => row.approvers.length > 0 && used.has(`approval ${row.name}`));
  const cannot = [
    asked ? "decide an approval" : null,
    program.settings.operators.length > 0 ? "stop an agent" : null,
    program.settings.auditors.length > 0 ? "read records" : null,
  ].filter((item) => item !== null);
  if (cannot.length === 0) return;
  report.warning("AP4107", {
    span: policy.name.span,
    message: `nobody can sign in to ${listWords(cannot)}`,
    label: "without `people`",
    help: 'add your identity provider: `people oidc "https://…" audience "…"`',
  });
}

/** AP4108: nobody may stop an agent, or read what happened. */
function reportOffices(program: Program, policy: PolicyDeclaration, report: CheckContext["report"]): void {
  const { operators, auditors } = program.settings;
  const missing = [operators.length > 0 ? null : "operators", auditors.length > 0 ? null : "auditors"].filter(
    (item) => item !== null,
  );
  if (missing.length === 0) return;
  const cannot = missing.map((office) => (office === "operators" ? "stop an agent" : "read records"));
  report.warning("AP4108", {
    span: policy.name.span,
    message: `nobody may ${listWords(cannot)}`,
    label: `without ${missing.map((office) => `\`${office}\``).join(" and ")}`,
    help: `add to the \`policy\` block: ${missing.map((office) => `\`${office} GROUP\``).join(", ")}`,
  });
}

function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
