/** Plays the steps of a `test` block at a running edge, as its agents would, and tells what each comes to. */
import type { ResolvedStep, ResolvedTest } from "../../compiler/index.ts";
import type { AuthorizeResponse } from "../../sdk/index.ts";
import type { Reply } from "../harness/http-call.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

/** In the words of tests: `allow`, `never`, `ask via a`, or a reason; null for a step that decides nothing. */
export type Outcome = string | null;

/** Steps behind a session that wasn't opened come to nothing: they are left out up to its `return`. */
export async function playTest(edge: EdgeUnderTest, test: ResolvedTest, approver: string): Promise<readonly Outcome[]> {
  const root = await edge.open(test.agent, test.task === null ? {} : { task: test.task });
  const tokens = [root.token];
  const outcomes: Outcome[] = [];
  let left = 0;
  for (const step of test.steps) {
    if (left > 0) {
      left += step.kind === "delegate" ? 1 : step.kind === "return" ? -1 : 0;
      outcomes.push(null);
      continue;
    }
    const token = tokens.at(-1) ?? "";
    if (step.kind === "return") tokens.pop();
    if (step.kind === "delegate") {
      const opened = await delegate(edge, token, step.agent);
      if (opened.token === null) left = step.expectation === null || step.expectation.outcome === "allow" ? 1 : 0;
      else tokens.push(opened.token);
      outcomes.push(opened.outcome);
    } else outcomes.push(step.kind === "call" ? await playCall(edge, token, step, approver) : null);
  }
  return outcomes;
}

interface Opened {
  readonly outcome: string;
  readonly token: string | null;
}

async function delegate(edge: EdgeUnderTest, token: string, agent: string): Promise<Opened> {
  const asked = await patiently(() => edge.call("/v1/session/delegations", { method: "POST", token, body: { agent } }));
  if (asked.status === 403 || asked.status === 409) return { outcome: "not_delegated", token: null };
  if (asked.status !== 201) return { outcome: verdictOf(asked), token: null };
  const body = { ticket: asked.body["ticket"] };
  const credential = await edge.assertion(agent);
  const opened = await edge.call("/v1/sessions", { method: "POST", token: credential, body });
  if (opened.status !== 201) return { outcome: verdictOf(opened), token: null };
  return { outcome: "allow", token: String(opened.body["token"]) };
}

type Call = Extract<ResolvedStep, { kind: "call" }>;

/** The last of what is repeated: those before it must have come to the same, else all of them are told. */
async function playCall(edge: EdgeUnderTest, token: string, call: Call, approver: string): Promise<string> {
  const seen: string[] = [];
  for (let count = 0; count < call.repeat; count += 1) seen.push(await playOnce(edge, token, call, approver));
  return [...new Set(seen)].join(", then ");
}

async function playOnce(edge: EdgeUnderTest, token: string, call: Call, approver: string): Promise<string> {
  const { action, args, answer } = call;
  const asked = await patiently(() => edge.authorize(token, { action, args }));
  const first = asked.body as unknown as AuthorizeResponse;
  if (first.decision !== "ask") return verdictOf(asked);
  const path = `/v1/approvals/${first.approval?.id}`;
  if (answer === null) {
    // A question that nothing is said about is dropped.
    await edge.call(path, { method: "DELETE", token });
    return verdictOf(asked);
  }
  if (answer !== "approved") throw new Error("this player approves or says nothing");
  const body = { decision: "approve", request_digest: first.request_digest };
  const given = await edge.call(`${path}/decision`, { method: "POST", token: approver, body });
  if (given.status !== 200) throw new Error(`not approved: ${given.text}`);
  return verdictOf(await edge.authorize(token, { action, args, approval: first.approval?.id }));
}

/** A session asks at most 20 times a second. */
async function patiently(ask: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 0; ; tries += 1) {
    const reply = await ask();
    if (reply.status !== 429 || tries === 20) return reply;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function verdictOf(reply: Reply): string {
  if (reply.status !== 200) throw new Error(`no policy answer: ${reply.status} ${reply.text}`);
  const answer = reply.body as unknown as AuthorizeResponse;
  if (answer.decision === "allow") return answer.tier ?? "allow";
  if (answer.decision === "deny") return answer.reason === "rule" ? "never" : answer.reason;
  const via = new Set(answer.rules.flatMap((rule) => (rule.via === undefined ? [] : rule.via.split(" and "))));
  return `ask via ${[...via].toSorted().join(" and ")}`;
}
