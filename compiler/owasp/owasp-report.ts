/** A policy held against the OWASP Agentic Top 10: what it enforces, what it leaves open, and what no policy can. */
import type { Diagnostic, Source } from "../../dsl/index.ts";
import { positionOf } from "../../dsl/index.ts";
import type { Table } from "../../engine/index.ts";
import { assessAgentCommunication } from "./agent-communication.ts";
import { assessCascadingFailures } from "./cascading-failures.ts";
import { assessCodeExecution } from "./code-execution.ts";
import { assessContextPoisoning } from "./context-poisoning.ts";
import { assessGoalHijack } from "./goal-hijack.ts";
import { assessHumanTrust } from "./human-trust.ts";
import { type Assessment, type Gap, type Measure, policyView, type PolicyView } from "./policy-view.ts";
import { assessPrivilegeAbuse } from "./privilege-abuse.ts";
import { type RiskId, RISKS } from "./risk.ts";
import { assessRogueAgents } from "./rogue-agents.ts";
import { servedRisks } from "./served-risks.ts";
import { assessSupplyChain } from "./supply-chain.ts";
import { assessToolMisuse } from "./tool-misuse.ts";
import { leftUndelivered, type UndeliveredNeed } from "./left-undelivered.ts";

export interface OwaspReport {
  readonly policy: string;
  readonly hash: string;
  /** All ten, in their order. */
  readonly risks: readonly RiskReport[];
}

export interface RiskReport {
  readonly id: RiskId;
  readonly name: string;
  readonly enforced: readonly Measure[];
  /** Findings first, then what is missing. */
  readonly open: readonly Gap[];
  readonly beyond: string;
}

const ASSESS: { readonly [id in RiskId]: (view: PolicyView) => Assessment } = {
  ASI01: assessGoalHijack,
  ASI02: assessToolMisuse,
  ASI03: assessPrivilegeAbuse,
  ASI04: assessSupplyChain,
  ASI05: assessCodeExecution,
  ASI06: assessContextPoisoning,
  ASI07: assessAgentCommunication,
  ASI08: assessCascadingFailures,
  ASI09: assessHumanTrust,
  ASI10: assessRogueAgents,
};

/**
 * The report on a compiled policy; `diagnostics` are its warnings, `sources` its files, `undelivered` what the edge that
 * it is for can't do: what rests on that is declared, not enforced.
 */
export function owaspReport(
  table: Table,
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  undelivered: readonly UndeliveredNeed[],
): OwaspReport {
  const view = policyView(table);
  const texts = new Map(sources.map(({ name, text }) => [name, text]));
  return {
    policy: table.body.name,
    hash: table.hash,
    risks: RISKS.map(({ id, name, beyond }) => {
      const { enforced, open } = leftUndelivered(ASSESS[id](view), undelivered);
      const found = diagnostics.filter((one) => one.level !== "note" && servedRisks(one.code).includes(id));
      return { id, name, enforced, open: [...found.map((one) => findingGap(one, texts)), ...open], beyond };
    }),
  };
}

function findingGap({ code, message, help, span }: Diagnostic, texts: ReadonlyMap<string, string>): Gap {
  const { line, column } = positionOf(texts.get(span.source) ?? "", span.start);
  return { what: message, help, code, place: { file: span.source, line, column } };
}
