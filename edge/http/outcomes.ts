/** `POST /v1/outcomes`: what became of an action that this session was allowed. */
import type { OutcomeResponse } from "../../sdk/index.ts";
import { sessionOf } from "../objects/env.ts";
import { askObject } from "./ask-object.ts";
import { outcomeBody } from "./bodies.ts";
import { requireSession } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem } from "./problem.ts";
import { readBody } from "./read-body.ts";

export async function reportOutcome(c: AppContext): Promise<Response> {
  const { table, sequence, opening_labels } = c.get("deployment");
  const { root, session, agent, chain } = await requireSession(c);
  const { decision_id, status, digest = null, labels = [] } = await readBody(c.req.raw, outcomeBody);
  const declared = new Set(table.body.labels.map(({ name }) => name));
  // A misspelt label would seem to guard.
  refuseLabels(labels, (label) => !declared.has(label), "isn't declared in the policy");
  refuseLabels(labels, (label) => opening_labels.has(label), "opens something: only actions that yield it give it");
  const { breakers } = table.body;
  const input = { sequence, agent, session, chain, decision: decision_id, status, digest, labels, breakers };
  const output = await askObject(() => sessionOf(c.env, root).outcome(input));
  const response: OutcomeResponse = { decision_id, status, labels: output.labels };
  return c.json(response);
}

/** @throws HttpProblem `malformed` where one is wrong */
function refuseLabels(labels: readonly string[], isWrong: (label: string) => boolean, why: string): void {
  const errors = labels.flatMap((label, at) =>
    isWrong(label) ? [{ pointer: `/labels/${at}`, detail: `the label \`${label}\` ${why}` }] : [],
  );
  if (errors.length > 0) throw new HttpProblem("malformed", `\`labels\`: ${errors[0]?.detail ?? ""}`, errors);
}
