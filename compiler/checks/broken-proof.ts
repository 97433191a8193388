/** Decides every `prove` block over the whole policy. What can't be decided is an error too: a claim is never taken on trust. */
import type { Check } from "./check.ts";
import type { Diagnostic, Source } from "../../dsl/index.ts";
import type { Table } from "../../engine/index.ts";
import { lowerTable } from "../lower/lower-table.ts";
import type { Finding } from "../report.ts";
import { verdictText } from "../test-runner/verdict.ts";
import type { ResolvedClaim, ResolvedProof } from "../resolved-proof.ts";
import { decisionOn } from "../analysis/space/decision-on.ts";
import type { Question } from "../analysis/space/question.ts";
import { explainArguments, shellWord } from "../analysis/witness/explain-text.ts";
import { testBlock } from "../analysis/witness/test-text.ts";
import { proveClaim } from "../analysis/prove/prove-claim.ts";
import { PROOFS_EFFORT, type Verdict } from "../analysis/prove/verdict.ts";

export const brokenProof: Check = ({ program, today, report, sources }) => {
  if (program.proofs.length === 0) return;
  const table = lowerTable(program, []);
  const effort = { left: PROOFS_EFFORT };
  for (const proof of program.proofs) {
    for (const claim of proof.claims) {
      const verdict = proveClaim(claim, table, today ?? undefined, effort);
      if (verdict.kind === "holds" && !verdict.meant) report.warning("AP6003", vacuous(claim));
      if (verdict.kind === "broken")
        report.error("AP6001", breach(proof, claim, verdict, { table, path: pathOf(sources) }));
      if (verdict.kind === "unknown") report.error("AP6002", undecided(claim, verdict));
    }
  }
};

type Broken = Extract<Verdict, { kind: "broken" }>;
type Unknown = Extract<Verdict, { kind: "unknown" }>;

interface Place {
  readonly table: Table;
  /** Of the policy, for commands to copy. */
  readonly path: string;
}

function breach(
  proof: ResolvedProof,
  claim: ResolvedClaim,
  { agent, questions }: Broken,
  { table, path }: Place,
): Finding {
  const done = questions.map((question) => doneBy(question, table)).join(" and ");
  return {
    span: claim.span,
    message: `this doesn't hold: \`${agent}\` gets ${done}`,
    label: "broken by the request below",
    witness: questions.map((question) => witnessText(proof, question, table)).join("\n"),
    help: adviceFor(questions, table, path),
  };
}

/** `email.send` `allow`. */
function doneBy(question: Question, table: Table): string {
  return `\`${verdictText(decisionOn(table, question))}\` for \`${question.request.action}\``;
}

/** A `test` block; where a test can't state it, the request itself. */
function witnessText(proof: ResolvedProof, question: Question, table: Table): string {
  const decision = decisionOn(table, question);
  const written = testBlock(table, `breaks: ${proof.title} (${question.request.action})`, question, decision);
  return written ?? JSON.stringify({ ...question.request, at: new Date(question.request.at).toISOString() });
}

/** The command stands on lines of its own. */
function adviceFor(questions: readonly Question[], table: Table, path: string): Diagnostic["help"] {
  const shown = questions.map((question) => explainArguments(table, question)).filter((text) => text !== null);
  if (shown.length === 0) return "add what is missing, or claim less";
  const commands = shown.map((text) => `agentpolicy explain ${shellWord(path)} ${text}`);
  return ["add what is missing, or claim less; which rules decide is said by", ...commands].join("\n");
}

/** The one file, or the folder that all of them are in. */
function pathOf(sources: readonly Source[]): string {
  const [first = [], ...others] = sources.map(({ name }) => name.split("/"));
  if (others.length === 0) return first.join("/");
  const shared = first.findIndex((part, at) => others.some((parts) => parts[at] !== part));
  return first.slice(0, shared).join("/") || ".";
}

function undecided(claim: ResolvedClaim, { agent, action, why }: Unknown): Finding {
  const where = agent === "" ? "" : ` for \`${agent}\` and \`${action}\``;
  return {
    span: claim.span,
    message: `this can't be proven${where}: ${why}`,
    label: "not decided",
    help: "claim less, or write rules that compare values with fixed ones",
  };
}

function vacuous({ span }: ResolvedClaim): Finding {
  return {
    span,
    message: "this holds of nothing: no request is meant",
    label: "its condition is never true of what an agent may ask for",
    help: "claim what can happen, or remove the claim",
  };
}
