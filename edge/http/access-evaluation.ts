/**
 * `POST /access/v1/evaluation` and `/access/v1/evaluations` (OpenID AuthZEN Authorization API 1.0, sections 6 and 7):
 * a gateway asks, the policy decides as it does for `POST /v1/authorize`. Whatever is unclear is `false`.
 */
import type { Gateway } from "../../engine/index.ts";
import { evaluationBody, evaluationsBody } from "../authzen/entities.ts";
import type { Evaluation } from "../authzen/entities.ts";
import { authorizeResponse } from "./answer.ts";
import { decideRequest } from "./authorize.ts";
import { requireGateway } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed, problemStatus } from "./problem.ts";
import { parseBody, readBody } from "./read-body.ts";
import { readQuestion } from "./read-evaluation.ts";
import { askStanding } from "./standing-session.ts";
import type { StandingFor } from "./standing-session.ts";

interface Evaluated {
  readonly decision: boolean;
  readonly context?: { readonly [name: string]: unknown };
}

export async function evaluateAccess(c: AppContext): Promise<Response> {
  const gateway = await requireGateway(c);
  const body = await readAuthzen(c, evaluationBody);
  return c.json(await evaluate(c, gateway, body));
}

export async function evaluateAccesses(c: AppContext): Promise<Response> {
  const gateway = await requireGateway(c);
  const { evaluations = [], options, ...defaults } = await readAuthzen(c, evaluationsBody);
  if (evaluations.length === 0) return c.json(await evaluate(c, gateway, parseBody(defaults, evaluationBody)));
  const semantic = options?.evaluations_semantic ?? "execute_all";
  const done: Evaluated[] = [];
  for (const item of evaluations) {
    const evaluated = await evaluateItem(c, gateway, { ...defaults, ...item });
    done.push(evaluated);
    if (semantic === "deny_on_first_deny" && !evaluated.decision) break;
    if (semantic === "permit_on_first_permit" && evaluated.decision) break;
  }
  return c.json({ evaluations: done });
}

/** AuthZEN knows 400 for whatever is wrong with a request. */
export async function readAuthzen<S extends Parameters<typeof readBody>[1]>(
  c: AppContext,
  schema: S,
): ReturnType<typeof readBody<S>> {
  try {
    return await readBody(c.req.raw, schema);
  } catch (error) {
    if (error instanceof HttpProblem && error.kind === "unsupported_media_type") throw malformed(error.message);
    throw error;
  }
}

/** Of several, one that can't be asked is denied by itself, and says why. */
async function evaluateItem(c: AppContext, gateway: Gateway, item: unknown): Promise<Evaluated> {
  try {
    return await evaluate(c, gateway, parseBody(item, evaluationBody));
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    return { decision: false, context: { error: { status: problemStatus(error), message: error.message } } };
  }
}

async function evaluate(c: AppContext, gateway: Gateway, evaluation: Evaluation): Promise<Evaluated> {
  const read = await readQuestion(c, gateway, evaluation);
  if (!read.ok) return denied(read);
  const { agent, requester, body } = read.question;
  const who: StandingFor = { gateway, agent, requester };
  const stood = await askStanding(
    c,
    who,
    (claims) => decideRequest(c, claims, body),
    ({ answer }) => answer.reason === "session_expired",
  );
  if (stood.kind === "refused") return denied(stood);
  const { answer, subject } = stood.answer;
  const told = await authorizeResponse(c.get("deployment"), answer, subject);
  return {
    decision: answer.decision === "allow",
    context: { reason: answer.message, ...goOn(answer.decision), agentpolicy: told },
  };
}

function goOn(decision: string): { readonly next?: string } {
  if (decision !== "ask") return {};
  return {
    next: "follow the approval with `GET /v1/approvals/{id}?wait=30`; when people have approved it, evaluate again with `context.agentpolicy.approval` set to the approval's id",
  };
}

function denied({ reason, message, retry_after = null }: Denied): Evaluated {
  const retry = retry_after === null ? {} : { retry_after };
  return {
    decision: false,
    context: { reason: message, agentpolicy: { decision: "deny", reason, message, ...retry } },
  };
}

interface Denied {
  readonly reason: string;
  readonly message: string;
  readonly retry_after?: number | null;
}
